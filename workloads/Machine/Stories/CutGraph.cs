using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Machine.Stories;

/// <summary>
/// A graph that ends at every border between two parts: a result is handed on as a leaf, and its gradient is what the stages after it
/// left there. So each part's backward pass runs, and is timed, alone.
/// </summary>
sealed class CutGraph(PartClock clock) : IStages
{
    readonly Stack<Stage> stages = new();

    public Tensor Run(StepPart part, Func<Tensor> stage, Action<Tensor>? backward = null)
    {
        Stage? done = null;
        clock.Time(part, Pass.Forward, () => stages.Push(done = Forward(part, stage, backward)));
        return done!.Leaf;
    }

    /// <summary>From the last stage, whose result is the loss, to the first. Lets go of everything that was kept for it.</summary>
    public void Backward()
    {
        var loss = true;
        while (stages.TryPop(out var stage))
        {
            var last = loss;
            clock.Time(stage.Part, Pass.Backward, () => Backward(stage, last));
            loss = false;
        }
    }

    static Stage Forward(StepPart part, Func<Tensor> run, Action<Tensor>? backward)
    {
        using var scope = NewDisposeScope();
        using var mode = enable_grad(backward is null);
        var result = run();
        var leaf = result.detach().requires_grad_();
        scope.Detach(leaf);
        return new Stage(part, leaf, backward is null ? scope.Detach(result) : null, backward);
    }

    static void Backward(Stage stage, bool last)
    {
        using var scope = NewDisposeScope();
        if (last)
            stage.Result!.backward();
        else if (stage.Backward is null)
            stage.Result!.backward([Gradient(stage)]);
        else
            ByHand(stage);
        stage.Result?.Dispose();
        stage.Leaf.Dispose();
    }

    static void ByHand(Stage stage)
    {
        using var mode = no_grad();
        stage.Backward!(Gradient(stage));
    }

    static Tensor Gradient(Stage stage) => stage.Leaf.grad
        ?? throw new InvalidOperationException(
            $"A result of {stage.Part.Name()} has no gradient: no later stage used it. Leave the stage out.");

    /// <param name="Leaf">What later stages read.</param>
    /// <param name="Result">The end of the stage's own graph; absent when its backward pass needs none.</param>
    sealed record Stage(StepPart Part, Tensor Leaf, Tensor? Result, Action<Tensor>? Backward);
}

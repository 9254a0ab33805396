using System.Diagnostics;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Machine.Stories;

/// <summary>What a moment of a training step is spent on.</summary>
enum StepPart
{
    Data,
    Embedding,
    AttentionLinear,
    AttentionCore,
    Ffn,
    Norm,
    Classifier,
    Loss,
    Optimizer,
}

enum Pass
{
    Forward,
    Backward,
}

static class StepParts
{
    public static IReadOnlyList<StepPart> All { get; } = Enum.GetValues<StepPart>();

    public static string Name(this StepPart part) => part switch
    {
        StepPart.AttentionLinear => "attention-linear",
        StepPart.AttentionCore => "attention-core",
        _ => part.ToString().ToLowerInvariant(),
    };

    /// <summary>Fetching data and updating parameters happen once; the rest forward and backward.</summary>
    public static IReadOnlyList<Pass> Passes(this StepPart part) =>
        part is StepPart.Data or StepPart.Optimizer ? [Pass.Forward] : [Pass.Forward, Pass.Backward];

    /// <summary>How evidence names it.</summary>
    public static string Point(StepPart part, Pass pass) =>
        part.Passes().Count == 1 ? part.Name() : $"{part.Name()} {pass.ToString().ToLowerInvariant()}";
}

/// <summary>Runs the stages of a model one after another.</summary>
interface IStages
{
    /// <param name="stage">Its result from the results of earlier stages and from parameters.</param>
    /// <param name="backward">Adds the gradients of what the stage reads, from that of its result; found by autograd when absent.</param>
    Tensor Run(StepPart part, Func<Tensor> stage, Action<Tensor>? backward = null);
}

/// <summary>Names what a step counts after its parts.</summary>
sealed class CountedStages(ModuleCounter counter) : IStages
{
    public Tensor Run(StepPart part, Func<Tensor> stage, Action<Tensor>? backward = null)
    {
        Tensor? output = null;
        counter.In(part.Name(), () => output = stage());
        return output!;
    }
}

/// <summary>One graph for the whole model, every gradient by autograd: the reference for the cut one.</summary>
sealed class WholeGraph : IStages
{
    public Tensor Run(StepPart part, Func<Tensor> stage, Action<Tensor>? backward = null) => stage();
}

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

static class Gradients
{
    /// <summary>To what other readers of the tensor left, as autograd does.</summary>
    public static void Add(Tensor leaf, Tensor gradient)
    {
        if (leaf.grad is { } before)
            before.add_(gradient);
        else
            leaf.grad = gradient;
    }
}

/// <summary>Books every moment between <see cref="Start"/> and <see cref="Stop"/> on one part, or on none.</summary>
sealed class PartClock(Func<long> now)
{
    readonly long[] ticks = new long[2 * StepParts.All.Count];
    long unattributed;
    long last;
    bool inside;

    public PartClock()
        : this(Stopwatch.GetTimestamp)
    {
    }

    public void Start()
    {
        Array.Clear(ticks);
        unattributed = 0;
        last = now();
    }

    public void Time(StepPart part, Pass pass, Action work)
    {
        if (inside)
            throw new InvalidOperationException(
                $"{part.Name()} was timed inside another part; its time would count there and here. End one first.");
        unattributed += Lap();
        inside = true;
        try
        {
            work();
        }
        finally
        {
            inside = false;
            ticks[Index(part, pass)] += Lap();
        }
    }

    public StepTimes Stop()
    {
        unattributed += Lap();
        return new StepTimes([.. ticks.Select(Seconds)], Seconds(unattributed));
    }

    public static int Index(StepPart part, Pass pass) => 2 * (int)part + (int)pass;

    long Lap()
    {
        var moment = now();
        var lap = moment - last;
        last = moment;
        return lap;
    }

    static double Seconds(long ticks) => (double)ticks / Stopwatch.Frequency;
}

/// <summary>Where the seconds of one step went.</summary>
/// <param name="Parts">By <see cref="PartClock.Index"/>.</param>
/// <param name="Unattributed">Between the parts.</param>
sealed record StepTimes(IReadOnlyList<double> Parts, double Unattributed)
{
    public double Of(StepPart part, Pass pass) => Parts[PartClock.Index(part, pass)];
}

using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Machine.Stories;

/// <summary>The gradients of the cut graph against those of the whole one, on the same weights and tokens.</summary>
static class GradientCheck
{
    const long Seed = 7;

    /// <returns>The largest difference of any parameter's gradient, as a part of that gradient's largest number.</returns>
    public static double LargestDifference(StoriesSize size, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        using var model = new StoriesModel(size, Seed, dtype);
        var text = randint(0, size.Vocabulary, [size.Positions + 1L]);
        var (tokens, targets) = (text.narrow(0, 0, size.Positions), text.narrow(0, 1, size.Positions));

        model.Loss(tokens, targets, new WholeGraph()).backward();
        var whole = model.Parameters.Select(parameter => parameter.grad!).ToList();
        foreach (var parameter in model.Parameters) parameter.grad = null;

        var clock = new PartClock();
        var graph = new CutGraph(clock);
        clock.Start();
        model.Loss(tokens, targets, graph);
        graph.Backward();
        return model.Parameters.Zip(whole).Max(pair => Difference(pair.First.grad!, pair.Second));
    }

    static double Difference(Tensor found, Tensor expected) =>
        ((found - expected).abs().max() / expected.abs().max()).to(float64).item<double>();
}

namespace MlPerfEdu.Roofline.Count;

public sealed partial class StepCounter
{
    /// <summary>Every token goes to a few experts only, weighted by a router; the experts' parameters are all there.</summary>
    /// <param name="active">Experts per token.</param>
    /// <param name="tokens">Tokens of each expert, with whatever padding its products have.</param>
    /// <param name="expert">The layers of one expert.</param>
    /// <param name="grouped">All experts run in one batched product per layer, so all have the same number of tokens.</param>
    public StepCounter MixtureOfExperts(
        string layer, int active, IReadOnlyList<long> tokens, Action<StepCounter> expert, bool grouped = false)
    {
        if (grouped && tokens.Distinct().Count() > 1)
        {
            throw new ArgumentException(
                $"Layer '{layer}' has experts with {string.Join(", ", tokens)} tokens; "
                + "one batched product needs the same number for all. Pad them.");
        }

        var (input, gradient) = (shape, dataGradient);
        var width = input[^1];
        var rows = Shapes.Elements(input[..^1]);
        Linear($"{layer} router", tokens.Count, bias: false).Softmax($"{layer} softmax");
        Append(MixtureCount.Choose($"{layer} top {active}", rows, tokens.Count, active, dataGradient));
        (shape, var routed) = ([tokens.Sum(), width], dataGradient);
        dataGradient = gradient;
        Append(MixtureCount.Gather($"{layer} gather", rows, tokens.Sum(), width, dataGradient));
        RunExperts(tokens, expert, grouped, width);
        dataGradient |= routed;
        var fork = gradient ? Accumulation.Of(Shapes.Elements(input)) : default;
        return Append(MixtureCount.Combine($"{layer} combine", input, rows * active, width, dataGradient, fork));
    }

    void RunExperts(IReadOnlyList<long> tokens, Action<StepCounter> expert, bool grouped, long width)
    {
        var runs = tokens.Select(count => Run(expert, [count, width])).ToList();
        for (var row = 0; row < runs[0].layers.Count; row++)
            layers.Add(MixtureCount.Merge([.. runs.Select(run => run.layers[row])], grouped));
        parameterTensors += grouped ? runs[0].parameterTensors : runs.Sum(run => run.parameterTensors);
        dataGradient = runs[0].dataGradient;
    }

    StepCounter Run(Action<StepCounter> part, long[] input)
    {
        var counter = new StepCounter(batch) { shape = input, dataGradient = dataGradient, training = training, frozen = frozen };
        part(counter);
        return counter;
    }
}

namespace MlPerfEdu.Roofline.Count;

/// <summary>
/// Experts of one size (Shazeer et al., 2017), each of which computes the tokens that were sent to it. A row stands for all of them, so that it
/// says the same whichever expert a token chose; only the operators that a recorder sees differ.
/// </summary>
public static class ExpertCount
{
    const int IndexBytes = 8;

    /// <param name="tokens">Of each expert; one without any runs no product.</param>
    public static LayerCount Linear(string layer, IReadOnlyList<long> tokens, long inputs, long outputs, Gradients gradients)
    {
        var experts = tokens.Count;
        var (one, all) = (inputs * outputs, LinearCount.Of(layer, tokens.Sum(), inputs, outputs, bias: false, gradients));
        // Every expert's weights are read, and written once more by their gradient.
        var more = Fp32.Bytes * (experts - 1) * one;
        return all with
        {
            Kind = "experts' linear",
            Parameters = experts * one,
            Forward = Each(all.Forward, more),
            DataGradient = gradients.Data ? Each(all.DataGradient, more) : default,
            WeightGradient = gradients.Weights ? Each(all.WeightGradient, more) : default,
            UniqueBytes = all.UniqueBytes + gradients.ParameterCopies * more,
            Operators =
            [
                .. tokens.Where(count => count > 0).GroupBy(count => 2 * count * one).Select(same => new OperatorCount(
                    OperatorKey.Matmul(same.Key), same.Count() * (1 + gradients.Count), same.Count() * (1 + gradients.Count) * same.Key)),
            ],
        };

        Work Each(Work work, long bytes) => work with { Bytes = work.Bytes + bytes, Calls = experts };
    }

    public static LayerCount Silu(string layer, IReadOnlyList<long> tokens, long width, Gradients gradients) =>
        ElementwiseCount.Of(layer, "silu", [tokens.Sum(), width], 4, 9, inPlace: false, gradients.Data);

    /// <summary>Rows of tokens to their experts, and the sum of what these answer, each times its weight.</summary>
    public static LayerCount Join(string layer, IReadOnlyList<long> tokens, long rows, long width, Gradients gradients)
    {
        var (sent, all) = (tokens.Sum() * width, rows * width);
        return LayerCount.Of(layer, "experts' join", [rows, width]) with
        {
            Forward = new Work(0, 2 * sent, Fp32.Bytes * (3 * sent + all) + 2 * IndexBytes * tokens.Sum(), 2 * tokens.Count),
            // The gradient of each answer and of its weight, then the sum of what comes back.
            DataGradient = gradients.Data
                ? new Work(0, 4 * sent, Fp32.Bytes * (4 * sent + 2 * all) + 2 * IndexBytes * tokens.Sum(), 3 * tokens.Count)
                : default,
            UniqueBytes = Fp32.Bytes * (sent + all) + IndexBytes * tokens.Sum(),
        };
    }
}

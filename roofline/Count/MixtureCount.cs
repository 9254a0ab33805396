namespace MlPerfEdu.Roofline.Count;

/// <summary>The parts of a mixture of experts that are not the experts' own layers.</summary>
static class MixtureCount
{
    const int IndexBytes = 8;

    /// <summary>A look at every expert's weight for every choice, then the chosen weights made to sum to 1.</summary>
    public static LayerCount Choose(string layer, long rows, long experts, int active, bool dataGradient)
    {
        var (all, chosen) = (rows * experts, rows * active);
        return new LayerCount
        {
            Layer = layer,
            Kind = "top-k",
            Output = [rows, active],
            Forward = new Work(0, all * active + 2 * chosen, Fp32.Bytes * (all + 3 * chosen) + IndexBytes * chosen, 2),
            DataGradient = dataGradient ? new Work(0, 4 * chosen, Fp32.Bytes * (all + 3 * chosen) + IndexBytes * chosen, 2) : default,
            UniqueBytes = Fp32.Bytes * 2 * chosen + IndexBytes * chosen,
        };
    }

    /// <summary>Copies tokens into the experts' order; backwards a token's gradients are added up.</summary>
    public static LayerCount Gather(string layer, long rows, long routed, long width, bool dataGradient) => new()
    {
        Layer = layer,
        Kind = "gather",
        Output = [routed, width],
        Forward = new Work(0, 0, IndexBytes * routed + Fp32.Bytes * (rows + routed) * width, 1),
        DataGradient = dataGradient ? new Work(0, routed * width, IndexBytes * routed + Fp32.Bytes * (rows + routed) * width, 1) : default,
        UniqueBytes = Fp32.Bytes * routed * width,
    };

    /// <summary>Results times their weights, added up per token; backwards a product for the result and a sum for the weight.</summary>
    public static LayerCount Combine(string layer, IReadOnlyList<long> output, long routed, long width, bool dataGradient, Work fork)
    {
        var x = Shapes.Elements(output);
        var (result, weights) = (routed * width, routed);
        return new LayerCount
        {
            Layer = layer,
            Kind = "weighted sum",
            Output = output,
            Forward = new Work(0, 2 * result, IndexBytes * routed + Fp32.Bytes * (result + weights + x), 1),
            DataGradient = (dataGradient
                ? new Work(0, 3 * result, IndexBytes * routed + Fp32.Bytes * (x + 2 * result + 2 * weights), 1)
                : default) + fork,
            UniqueBytes = Fp32.Bytes * x,
        };
    }

    /// <summary>One row for the same layer of all experts.</summary>
    public static LayerCount Merge(IReadOnlyList<LayerCount> experts, bool grouped)
    {
        var first = experts[0];
        // An expert without tokens does not run.
        var running = experts.Where(expert => expert.Output[0] > 0).ToList();
        return first with
        {
            Output = [running.Sum(expert => expert.Output[0]), .. first.Output.Skip(1)],
            Parameters = experts.Sum(expert => expert.Parameters),
            FrozenParameters = experts.Sum(expert => expert.FrozenParameters),
            ForwardMacs = running.Sum(expert => expert.ForwardMacs),
            Forward = Sum(running, expert => expert.Forward, grouped),
            DataGradient = Sum(running, expert => expert.DataGradient, grouped),
            WeightGradient = Sum(running, expert => expert.WeightGradient, grouped),
            UniqueBytes = experts.Sum(expert => expert.UniqueBytes),
            Operators = grouped
                ? [.. first.Operators.Select(product => Batched(product, experts.Count))]
                : [.. running.SelectMany(expert => expert.Operators)],
        };
    }

    static Work Sum(List<LayerCount> experts, Func<LayerCount, Work> work, bool grouped)
    {
        var sum = experts.Aggregate(default(Work), (total, expert) => total + work(expert));
        return grouped && experts.Count > 0 ? sum with { Calls = work(experts[0]).Calls } : sum;
    }

    static OperatorCount Batched(OperatorCount product, int experts) => new(
        OperatorKey.Matmul(experts * product.Flops / product.Calls), product.Calls, experts * product.Flops);
}

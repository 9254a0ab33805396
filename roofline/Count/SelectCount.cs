namespace MlPerfEdu.Roofline.Count;

/// <summary>One position of each sample: a view forwards, zeros around its gradient backwards.</summary>
public static class SelectCount
{
    const int IndexBytes = 8;

    /// <summary>Some of the rows, such as those with a label; backwards zeros everywhere, then their gradients.</summary>
    public static LayerCount Rows(string layer, IReadOnlyList<long> input, IReadOnlyList<long> output, bool dataGradient)
    {
        var (all, taken, rows) = (Shapes.Elements(input), Shapes.Elements(output), output[0]);
        return new LayerCount
        {
            Layer = layer,
            Kind = "rows",
            Output = output,
            Forward = new Work(0, 0, Fp32.Bytes * 2 * taken + IndexBytes * rows, 1),
            DataGradient = dataGradient ? new Work(0, taken, Fp32.Bytes * (all + 3 * taken) + IndexBytes * rows, 2) : default,
            UniqueBytes = Fp32.Bytes * taken + IndexBytes * rows,
        };
    }

    public static LayerCount Of(string layer, IReadOnlyList<long> input, bool dataGradient)
    {
        IReadOnlyList<long> output = [input[0], input[^1]];
        return new LayerCount
        {
            Layer = layer,
            Kind = "select",
            Output = output,
            DataGradient = dataGradient ? new Work(0, 0, Fp32.Bytes * (Shapes.Elements(input) + Shapes.Elements(output)), 1) : default,
        };
    }
}

namespace MlPerfEdu.Roofline.Count;

/// <summary>Products of pairs of matrices that are both results: rows × inner by inner × columns, once per pair.</summary>
public sealed record ProductShape(long Pairs, long Rows, long Inner, long Columns)
{
    /// <summary>How many pairs share a right matrix, as query heads share the keys of their group.</summary>
    public long Sharing { get; init; } = 1;

    public long Left => Pairs * Rows * Inner;

    public long Right => Pairs / Sharing * Inner * Columns;

    public long Result => Pairs * Rows * Columns;

    public long Macs => Left * Columns;
}

public static class ProductCount
{
    /// <summary>Two products as one row of the table.</summary>
    public static LayerCount Together(LayerCount first, LayerCount second) => first with
    {
        ForwardMacs = first.ForwardMacs + second.ForwardMacs,
        Forward = first.Forward + second.Forward,
        DataGradient = first.DataGradient + second.DataGradient,
        UniqueBytes = first.UniqueBytes + second.UniqueBytes,
        Operators = [.. first.Operators, .. second.Operators],
    };

    /// <param name="leftGradient">A matrix that does not depend on what is trained has no gradient, and costs no product.</param>
    /// <param name="rightGradient">The same of the right matrix.</param>
    public static LayerCount Of(
        string layer, string kind, IReadOnlyList<long> output, ProductShape shape, bool leftGradient, bool rightGradient)
    {
        var gradients = (leftGradient ? 1 : 0) + (rightGradient ? 1 : 0);
        var flops = 2 * shape.Macs;
        var pass = new Work(flops, 0, Fp32.Bytes * (shape.Left + shape.Right + shape.Result), 1);
        return new LayerCount
        {
            Layer = layer,
            Kind = kind,
            Output = output,
            ForwardMacs = shape.Macs,
            Forward = pass,
            // Either gradient reads two of the three matrices and writes the third.
            DataGradient = pass.Times(gradients),
            UniqueBytes = Fp32.Bytes * shape.Result,
            Operators = [new OperatorCount(OperatorKey.Matmul(flops), 1 + gradients, (1 + gradients) * flops)],
        };
    }
}

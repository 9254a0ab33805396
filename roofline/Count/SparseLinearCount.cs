namespace MlPerfEdu.Roofline.Count;

/// <summary>y = x·W for rows of which few numbers are stored: a multiply-add per stored number and output.</summary>
public static class SparseLinearCount
{
    const int IndexBytes = 8;

    /// <summary>Each stored number comes with two indices.</summary>
    public static long Bytes(long stored) => stored * (Fp32.Bytes + 2 * IndexBytes);

    /// <summary>Samples of which few numbers are stored, and which stay where they are from step to step.</summary>
    public static LayerCount Input(string layer, long rows, long columns, long stored) =>
        new() { Layer = layer, Kind = "sparse input", Output = [rows, columns], UniqueBytes = Bytes(stored) };

    public static LayerCount Of(string layer, long rows, long inputs, long outputs, long stored, Gradients gradients)
    {
        var (macs, w, y) = (stored * outputs, inputs * outputs, rows * outputs);
        var pass = new Work(2 * macs, 0, Bytes(stored) + Fp32.Bytes * (w + y), 1);
        var passes = gradients.Weights ? 2 : 1;
        return new LayerCount
        {
            Layer = layer,
            Kind = "sparse linear",
            Output = [rows, outputs],
            Parameters = w,
            ForwardMacs = macs,
            Forward = pass,
            WeightGradient = gradients.Weights ? pass : default,
            UniqueBytes = Fp32.Bytes * (gradients.ParameterCopies * w + y),
            Operators = [new OperatorCount(OperatorKey.SparseMatmul(2 * macs), passes, passes * 2 * macs)],
        };
    }
}

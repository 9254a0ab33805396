namespace MlPerfEdu.Roofline.Count;

public enum OperatorFamily
{
    Matmul,
    SparseMatmul,
    Convolution,
    ConvolutionBackward,
    Recurrent,
}

/// <summary>Names an operator by family and size, so that the structural and the recorded count can meet.</summary>
/// <remarks>A matrix product is named by its FLOPs: versions of libtorch transpose its operands differently.</remarks>
public readonly record struct OperatorKey(OperatorFamily Family, string Size)
{
    public static OperatorKey Matmul(long flops) => new(OperatorFamily.Matmul, $"{flops} FLOP");

    public static OperatorKey SparseMatmul(long flops) => new(OperatorFamily.SparseMatmul, $"{flops} FLOP");

    public static OperatorKey Convolution(IEnumerable<long> input, IEnumerable<long> weight) =>
        new(OperatorFamily.Convolution, $"{Text(input)} by {Text(weight)}");

    public static OperatorKey ConvolutionBackward(IEnumerable<long> gradient, IEnumerable<long> input, IEnumerable<long> weight) =>
        new(OperatorFamily.ConvolutionBackward, $"{Text(gradient)} through {Text(input)} by {Text(weight)}");

    /// <summary>A whole recurrent layer, which oneDNN runs as one operator each way.</summary>
    public static OperatorKey Recurrent(IEnumerable<long> input, long hidden) => new(OperatorFamily.Recurrent, $"{Text(input)} to {hidden}");

    public override string ToString() => $"{Family} {Size}";

    static string Text(IEnumerable<long> shape) => string.Join('x', shape);
}

namespace MlPerfEdu.Roofline.Count;

/// <summary>What one pass over a layer does.</summary>
/// <param name="Flops">2 per multiply-add of matrix products and convolutions, nothing else.</param>
/// <param name="ElementwiseFlops">Everything else: activation, norm, pooling, softmax, loss, optimizer.</param>
/// <param name="Bytes">Compulsory traffic: each operand and each result once per operator.</param>
/// <param name="Calls">Operators that compute; views are not counted.</param>
public readonly record struct Work(long Flops, long ElementwiseFlops, long Bytes, long Calls)
{
    public static Work operator +(Work left, Work right) => new(
        left.Flops + right.Flops,
        left.ElementwiseFlops + right.ElementwiseFlops,
        left.Bytes + right.Bytes,
        left.Calls + right.Calls);

    public Work Times(long times) => new(times * Flops, times * ElementwiseFlops, times * Bytes, times * Calls);

    public static Work Add(Work left, Work right) => left + right;
}

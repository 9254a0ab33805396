namespace MlPerfEdu.Numerics;

/// <summary>Softmax and cross entropy of samples that are columns.</summary>
public static unsafe class ColumnLoss
{
    /// <summary>Logits become their gradients, (p − 1 at the label)·share.</summary>
    /// <param name="logits">[classes, columns], of which there are whole vectors.</param>
    /// <param name="losses">Receives −ln p of each label.</param>
    /// <param name="share">Of each sample in the loss.</param>
    public static void CrossEntropy(float* logits, nint stride, int classes, ReadOnlySpan<byte> labels, float* losses, float share)
    {
        if (Simd.Is512) CrossEntropy<Wide512>(logits, stride, classes, labels, losses, share);
        else CrossEntropy<Wide256>(logits, stride, classes, labels, losses, share);
    }

    [MethodImpl(Simd.Loop)]
    static void CrossEntropy<T>(float* logits, nint stride, int classes, ReadOnlySpan<byte> labels, float* losses, float share)
        where T : struct, IWide<T>
    {
        var columns = labels.Length;
        var sums = stackalloc float[T.Lanes];
        for (nint column = 0; column < columns; column += T.Lanes)
        {
            var first = logits + column;
            var largest = T.Load(first);
            for (var c = 1; c < classes; c++) largest = T.Max(largest, T.Load(first + c * stride));
            // Before they are overwritten: the label's logit, below the largest.
            largest.Store(losses + column);
            for (var lane = 0; lane < T.Lanes; lane++) losses[column + lane] -= first[labels[(int)column + lane] * stride + lane];

            T sum = default;
            for (var c = 0; c < classes; c++)
            {
                var power = Exponential.Of(T.Load(first + c * stride) - largest);
                sum += power;
                power.Store(first + c * stride);
            }
            var factor = T.Create(share) / sum;
            for (var c = 0; c < classes; c++) (T.Load(first + c * stride) * factor).Store(first + c * stride);
            sum.Store(sums);
            for (var lane = 0; lane < T.Lanes; lane++)
            {
                losses[column + lane] += MathF.Log(sums[lane]);
                first[labels[(int)column + lane] * stride + lane] -= share;
            }
        }
    }
}

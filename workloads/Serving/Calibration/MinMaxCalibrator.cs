using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using MlPerfEdu.Serving.Numerics;

namespace MlPerfEdu.Serving.Calibration;

/// <summary>A channel's largest magnitude becomes the largest code: nothing is clipped, and an outlier makes all steps coarse.</summary>
public sealed class MinMaxCalibrator(int channels, int bits) : ScaleCalibrator(channels, bits)
{
    readonly float[] _largest = new float[channels];

    private protected override void Take(ReadOnlySpan<float> activations, int rows)
    {
        for (var row = 0; row < rows; row++)
            TakeRow(activations.Slice(row * Channels, Channels));
    }

    void TakeRow(ReadOnlySpan<float> row)
    {
        ref var start = ref MemoryMarshal.GetReference(row);
        var channel = 0;
        for (; channel <= Channels - Vector512<float>.Count; channel += Vector512<float>.Count)
        {
            ref var largest = ref _largest[channel];
            Vector512.Max(Simd.Load(ref largest, 0), Vector512.Abs(Simd.Load(ref start, channel))).StoreUnsafe(ref largest);
        }
        for (; channel < Channels; channel++)
            _largest[channel] = MathF.Max(_largest[channel], MathF.Abs(row[channel]));
    }

    private protected override void Clear() => Array.Clear(_largest);

    private protected override void Fill(Span<float> scales)
    {
        for (var channel = 0; channel < Channels; channel++)
            scales[channel] = _largest[channel] / LargestCode;
    }
}

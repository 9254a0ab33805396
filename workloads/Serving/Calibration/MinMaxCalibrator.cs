using System.Runtime.InteropServices;
using MlPerfEdu.Serving.Numerics;

namespace MlPerfEdu.Serving.Calibration;

/// <summary>A channel's largest magnitude becomes the largest code: nothing is clipped, and an outlier makes all steps coarse.</summary>
public sealed class MinMaxCalibrator(int channels, int bits) : ScaleCalibrator(channels, bits)
{
    readonly float[] _largest = new float[channels];

    private protected override void Take(ReadOnlySpan<float> activations, int rows)
    {
        if (Simd.Is512)
            Take<Wide512>(activations);
        else
            Take<Wide256>(activations);
    }

    void Take<T>(ReadOnlySpan<float> rows)
        where T : struct, IWide<T>
    {
        for (; !rows.IsEmpty; rows = rows[Channels..])
            TakeRow<T>(rows[..Channels]);
    }

    void TakeRow<T>(ReadOnlySpan<float> row)
        where T : struct, IWide<T>
    {
        ref var start = ref MemoryMarshal.GetReference(row);
        var channel = 0;
        for (; channel <= Channels - T.Lanes; channel += T.Lanes)
        {
            ref var largest = ref _largest[channel];
            T.Max(T.Load(ref largest, 0), T.Abs(T.Load(ref start, channel))).Store(ref largest, 0);
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

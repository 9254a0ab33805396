using MlPerfEdu.Serving.Numerics;

namespace MlPerfEdu.Serving.Calibration;

/// <summary>Looks at activations and chooses for each channel the size of one step of a signed integer code.</summary>
public abstract class ScaleCalibrator
{
    /// <summary>Of a channel in which nothing was seen but zeros.</summary>
    public const float SmallestScale = 1e-12f;

    protected ScaleCalibrator(int channels, int bits)
    {
        Channels = Guard.Positive(channels, "channels");
        if (bits is < 2 or > 16)
            throw ServingErrors.OutOfRange("bits", bits, "2 to 16");
        LargestCode = (1 << (bits - 1)) - 1;
    }

    public int Channels { get; }

    public int LargestCode { get; }

    public long RowsSeen { get; private set; }

    /// <param name="activations">(rows, channels)</param>
    public void Record(ReadOnlySpan<float> activations)
    {
        var rows = Rows.Count(activations, Channels, "activations");
        Guard.Finite(activations, "activations");
        Take(activations, rows);
        RowsSeen += rows;
    }

    /// <summary>Forgets what was recorded.</summary>
    public void Reset()
    {
        Clear();
        RowsSeen = 0;
    }

    /// <param name="scales">(channels)</param>
    public void ComputeScales(Span<float> scales)
    {
        Guard.Length(scales.Length, Channels, "scales");
        if (RowsSeen == 0)
            throw ServingErrors.Empty("activations recorded");
        Fill(scales);
        foreach (ref var scale in scales)
            scale = MathF.Max(scale, SmallestScale);
    }

    /// <summary>One scale for all channels, which none of them exceeds.</summary>
    public float ComputeScale()
    {
        var scales = new float[Channels];
        ComputeScales(scales);
        return scales.Max();
    }

    private protected abstract void Take(ReadOnlySpan<float> activations, int rows);

    private protected abstract void Clear();

    private protected abstract void Fill(Span<float> scales);
}

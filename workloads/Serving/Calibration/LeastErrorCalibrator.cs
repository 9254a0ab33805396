namespace MlPerfEdu.Serving.Calibration;

/// <summary>Tries scales around that of the largest magnitude and takes the one whose codes are closest to what was seen.</summary>
public sealed class LeastErrorCalibrator(int channels, int bits, int mostRows) : ScaleCalibrator(channels, bits)
{
    const int Candidates = 32;

    // (channels, rows): magnitudes of a channel side by side.
    readonly float[] _seen = new float[channels * Guard.Positive(mostRows, "rows")];

    private protected override void Take(ReadOnlySpan<float> activations, int rows)
    {
        if (RowsSeen + rows > mostRows)
            throw ServingErrors.OutOfRoom("rows to record", rows, mostRows - RowsSeen);
        for (var row = 0; row < rows; row++)
        {
            for (var channel = 0; channel < Channels; channel++)
                _seen[channel * mostRows + RowsSeen + row] = MathF.Abs(activations[row * Channels + channel]);
        }
    }

    private protected override void Clear()
    {
        // Rows that were not seen are not read.
    }

    private protected override void Fill(Span<float> scales)
    {
        for (var channel = 0; channel < Channels; channel++)
            scales[channel] = Best(_seen.AsSpan(channel * mostRows, (int)RowsSeen));
    }

    float Best(ReadOnlySpan<float> magnitudes)
    {
        var largest = 0f;
        foreach (var magnitude in magnitudes)
            largest = MathF.Max(largest, magnitude);
        var own = largest / LargestCode;
        var (best, error) = (own, Error(magnitudes, own));
        for (var candidate = 0; candidate < Candidates; candidate++)
        {
            var scale = own * (0.5f + candidate / (Candidates - 1f));
            if (Error(magnitudes, scale) is var found && found < error)
                (best, error) = (scale, found);
        }
        return best;
    }

    /// <summary>Mean (|a| − code · scale)².</summary>
    internal double Error(ReadOnlySpan<float> magnitudes, float scale)
    {
        var sum = 0.0;
        foreach (var magnitude in magnitudes)
        {
            var code = scale == 0 ? 0 : Math.Min(MathF.Round(magnitude / scale), LargestCode);
            sum += Math.Pow(magnitude - (double)code * scale, 2);
        }
        return sum / magnitudes.Length;
    }
}

namespace MlPerfEdu.Serving.Formats;

/// <summary>How much of a signal a format keeps.</summary>
static class Snr
{
    /// <summary>10·log10(Σ x² / Σ (x − x̂)²)</summary>
    public static double Decibels(ReadOnlySpan<float> before, ReadOnlySpan<float> after)
    {
        var (signal, noise) = (0.0, 0.0);
        for (var index = 0; index < before.Length; index++)
        {
            var error = (double)before[index] - after[index];
            signal += (double)before[index] * before[index];
            noise += error * error;
        }
        return 10 * Math.Log10(signal / noise);
    }

    public static int Differing<T>(IEnumerable<T> a, IEnumerable<T> b) => a.Zip(b).Count(pair => !Equals(pair.First, pair.Second));
}

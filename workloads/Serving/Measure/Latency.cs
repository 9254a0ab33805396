using MlPerfEdu.Roofline;
using MlPerfEdu.Roofline.Classify;

namespace MlPerfEdu.Serving.Measure;

/// <summary>How long a call takes.</summary>
/// <param name="Samples">Seconds per call; a short call is timed in batches, and a sample is then the mean of one.</param>
/// <param name="CallsPerSample">Calls of a batch.</param>
public sealed record Latency(IReadOnlyList<double> Samples, int CallsPerSample)
{
    const double Confidence = 0.95;

    public double Median { get; } = Statistics.Median(Samples);

    /// <summary>Nineteen of twenty samples are no longer.</summary>
    public double P95 { get; } = Samples.Order().ElementAt((int)Math.Ceiling(0.95 * Samples.Count) - 1);

    public double Min { get; } = Samples.Min();

    /// <summary>Where the median lies with a confidence of 95 %.</summary>
    public Interval? Interval { get; } = Statistics.MedianInterval(Samples, Confidence);
}

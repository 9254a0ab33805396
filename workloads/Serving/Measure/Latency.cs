using MlPerfEdu.Roofline;
using MlPerfEdu.Roofline.Classify;

namespace MlPerfEdu.Serving.Measure;

/// <summary>How long a call takes, when others leave the processor alone: they only ever make it slower.</summary>
/// <param name="Rounds">Seconds per call, round by round; a short call is timed in batches, and a sample is then the mean of one.</param>
/// <param name="CallsPerSample">Calls of a batch.</param>
public sealed record Latency(IReadOnlyList<IReadOnlyList<double>> Rounds, int CallsPerSample)
{
    const double Confidence = 0.95;

    /// <summary>Those of the round with the lowest median: the one that others disturbed least.</summary>
    public IReadOnlyList<double> Undisturbed { get; } = Rounds.MinBy(Statistics.Median)!;

    public double Median => Statistics.Median(Undisturbed);

    /// <summary>Nineteen of twenty samples are no longer.</summary>
    public double P95 => Undisturbed.Order().ElementAt((int)Math.Ceiling(0.95 * Undisturbed.Count) - 1);

    public double Min { get; } = Rounds.Min(round => round.Min());

    /// <summary>Where the median lies with a confidence of 95 %.</summary>
    public Interval? Interval => Statistics.MedianInterval(Undisturbed, Confidence);
}

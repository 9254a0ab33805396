using MlPerfEdu.Roofline;
using MlPerfEdu.Roofline.Classify;

namespace MlPerfEdu.Workloads.Compare;

/// <summary>Seconds per step of each turn, ours and the twin's side by side.</summary>
sealed record Comparison(
    string Id, int Batch, int StepsPerTurn, IReadOnlyList<double> Ours, IReadOnlyList<double> Twins, TwinFacts Twin)
{
    const double Confidence = 0.95;

    /// <summary>Fewer turns than this do not bound a median with that confidence.</summary>
    public const int FewestTurns = 6;

    public double OurStep { get; } = Statistics.Median(Ours);

    public double TwinStep { get; } = Statistics.Median(Twins);

    /// <summary>How often ours goes into the twin's, turn by turn: what slows both down cancels.</summary>
    public double Ratio { get; } = Statistics.Median(Ratios(Ours, Twins));

    public Interval RatioInterval { get; } = Statistics.MedianInterval(Ratios(Ours, Twins), Confidence)
        ?? throw new ArgumentException($"Found {Ours.Count} turns, expected at least {FewestTurns}: take more.", nameof(Ours));

    static double[] Ratios(IReadOnlyList<double> ours, IReadOnlyList<double> twins) => [.. ours.Zip(twins, (our, twin) => twin / our)];
}

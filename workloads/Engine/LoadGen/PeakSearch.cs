using MlPerfEdu.Roofline.Load;

namespace MlPerfEdu.Engine.LoadGen;

/// <summary>A run of the server scenario at one rate.</summary>
/// <param name="Rate">Queries per second, on average.</param>
/// <param name="Holds">Whether it is valid: long enough, and surely within its bounds.</param>
/// <param name="Why">Each bound and what was found.</param>
/// <param name="Completed">Queries answered per second.</param>
public sealed record TriedRate(double Rate, bool Holds, string Why, double Completed)
{
    public static TriedRate Of(ServingRecord run)
    {
        var lines = LoadValidity.Lines(run.Load, run.Answers);
        var shown = lines.Where(line => LoadValidity.IsBound(line) || !line.Met);
        return new(
            run.Load.TargetRate!.Value, lines.All(line => line.Met),
            string.Join("; ", shown.Select(line => $"{line.Constraint["load: ".Length..]} {line.Reason}")),
            LoadFigures.Of(run.Load, run.Answers)["samples_per_second"]);
    }
}

/// <param name="Peak">The largest rate that held; absent when the lowest did not.</param>
/// <param name="Tried">In the order in which they were.</param>
/// <param name="Below">At 80 % of the peak.</param>
/// <param name="Above">At 120 % of it.</param>
public sealed record PeakRate(double? Peak, IReadOnlyList<TriedRate> Tried, TriedRate? Below, TriedRate? Above);

/// <summary>The largest rate of queries that holds the bounds, found as LoadGen does: a rate that holds is doubled until one does not, then
/// the gap between the two is halved.</summary>
public static class PeakSearch
{
    /// <summary>Shares of the peak at which it is tried again.</summary>
    public const double Below = 0.8, Above = 1.2;

    /// <summary>A run under load that is a little too fast for a system falls behind slowly: only after so many bounds has it surely fallen behind
    /// by one.</summary>
    public const int BoundsPerRun = 10;

    // The gap that is left, as a share of the rate.
    const double Precision = 0.05;

    // A system that still holds then is not the one that limits.
    const int MostDoublings = 16;

    public static PeakRate Find(double lowest, Func<double, TriedRate> attempt)
    {
        var tried = new List<TriedRate>();
        if (!Holds(lowest))
            return new PeakRate(null, tried, null, null);
        var (low, high) = (lowest, 2 * lowest);
        for (var doublings = 1; Holds(high); doublings++)
        {
            if (doublings == MostDoublings)
                return new PeakRate(high, tried, null, null);
            (low, high) = (high, 2 * high);
        }

        while (high - low > Precision * low)
        {
            var middle = (low + high) / 2;
            (low, high) = Holds(middle) ? (middle, high) : (low, middle);
        }

        return new PeakRate(low, tried, attempt(Below * low), attempt(Above * low));

        bool Holds(double rate)
        {
            tried.Add(attempt(rate));
            return tried[^1].Holds;
        }
    }
}

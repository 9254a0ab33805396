using MlPerfEdu.Roofline.Classify;
using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Roofline.Report;

namespace MlPerfEdu.Roofline.Compare;

public enum StepTimeVerdict
{
    NoChange,
    Slower,
    Faster,
    TooNoisy,
}

/// <summary>Whether steps take longer than before, beyond what the machine and chance explain.</summary>
/// <param name="Ratio">After over before; absent when there are too few rounds.</param>
/// <param name="Factor">The middle of it: what the steps say once the machine's part is taken out.</param>
public sealed record StepTimeComparison(StepTimeVerdict Verdict, double Factor, Interval? Ratio, string Because)
{
    /// <summary>A smaller change is not worth anybody's time, and page placement alone can make it.</summary>
    public const double SmallestChange = 1.05;

    /// <summary>A comparison that would not have noticed this decides nothing.</summary>
    public const double LargestUnnoticed = 1.3;

    // 99 % of a normal distribution: a false alarm costs a reviewer more than a small change that is found a run later.
    const double StandardErrors = 2.6;

    // Two runs that drift nowhere still differ by this much: other pages, another place in the caches.
    const double LeastNoise = 0.015;

    // From this share on rounds are compared with their own calibration.
    const double Followed = 0.5;

    // Above this the median says something that the fastest steps do not.
    const double MedianMoved = 1.25;

    public static StepTimeComparison Of(EvidenceRecord before, EvidenceRecord after) =>
        Of(StepSpeed.Of(before.Measurement, before), StepSpeed.Of(after.Measurement, before));

    internal static StepTimeComparison Of(StepSpeed was, StepSpeed now)
    {
        if (Math.Min(was.Rounds.Count, now.Rounds.Count) < StepSpeed.FewestRounds)
        {
            return new(StepTimeVerdict.TooNoisy, 1, null,
                $"{was.Rounds.Count} and {now.Rounds.Count} rounds were measured and {StepSpeed.FewestRounds} are needed: "
                + "measure both again");
        }

        var machine = Sure(Difference(was, now, round => round.Machine), Noise(was, now, round => round.Machine));
        var share = MachineShare.Least(was, now);
        var (least, most) = share > Followed
            ? (Paired(was, now, share), Paired(was, now, 1))
            : (Apart(was, now, share * machine), Apart(was, now, machine));
        var ratio = least.Span(most);
        var middle = Math.Sqrt(Math.Sqrt(least.Low * least.High * most.Low * most.High));
        var fastest = Math.Exp(Difference(was, now, round => round.Step));
        // Load explains any slowness, but no speed.
        var explained = VerdictOf(ratio) is var verdict
            && (was.Loaded && verdict != StepTimeVerdict.Slower || now.Loaded && verdict != StepTimeVerdict.Faster);
        return new(explained ? StepTimeVerdict.TooNoisy : verdict, middle, ratio, Reason(machine, was.Loaded, now.Loaded)
            + Stalls(now.Typical / was.Typical, fastest));
    }

    /// <summary>The median step, as people know it.</summary>
    public static string Typical(EvidenceRecord record) =>
        record.Measurement.StepSeconds is { Count: > 0 } steps ? Units.Seconds(Statistics.Median(steps)) : "not measured";

    // Round by round: where steps follow the calibration beside them, what both have in common cancels.
    static Interval Paired(StepSpeed was, StepSpeed now, double share)
    {
        return Around(Difference(was, now, Rest), Noise(was, now, Rest));

        double Rest(RoundSpeed round) => round.Step - share * round.Machine;
    }

    // Run by run: what disturbs a step and the calibration beside it is not the same.
    static Interval Apart(StepSpeed was, StepSpeed now, double machine) =>
        Around(Difference(was, now, round => round.Step) - machine, Noise(was, now, round => round.Step));

    static Interval Around(double difference, double noise)
    {
        var margin = StandardErrors * Math.Sqrt(noise * noise + LeastNoise * LeastNoise);
        return new(Math.Exp(difference - margin), Math.Exp(difference + margin));
    }

    static StepTimeVerdict VerdictOf(Interval ratio)
    {
        if (ratio.Low > SmallestChange)
            return StepTimeVerdict.Slower;
        if (ratio.High < 1 / SmallestChange)
            return StepTimeVerdict.Faster;
        var wide = ratio.High / ratio.Low > LargestUnnoticed * LargestUnnoticed;
        var perhaps = !ratio.Crosses(1) && (ratio.High > LargestUnnoticed || ratio.Low < 1 / LargestUnnoticed);
        return wide || perhaps ? StepTimeVerdict.TooNoisy : StepTimeVerdict.NoChange;
    }

    static string Reason(double machine, bool wasLoaded, bool nowLoaded) => string.Join(" and ", new[]
    {
        (wasLoaded, nowLoaded) switch
        {
            (true, true) => "others held the cores in both runs: measure both again on a free machine",
            (true, false) => "others held the cores before: measure that run again on a free machine",
            (false, true) => "others held the cores after: measure that run again on a free machine",
            _ => "",
        },
        Math.Abs(machine) < Math.Log(SmallestChange)
            ? ""
            : $"calibration says that the machine itself was {Units.Ratio(Math.Exp(Math.Abs(machine)))} "
                + $"{(machine > 0 ? "slower" : "faster")} after",
    }.Where(reason => reason.Length > 0));

    static string Stalls(double medians, double fastest) => medians / fastest is > 1 / MedianMoved and < MedianMoved
        ? ""
        : $"; the median changed by {Units.Ratio(medians)}, the fastest ones by {Units.Ratio(fastest)}: "
            + "others took the cores, or only some changed";

    // Only what calibration shows beyond its own noise.
    static double Sure(double difference, double noise) => Math.Sign(difference) * Math.Max(Math.Abs(difference) - noise, 0);

    static double Difference(StepSpeed was, StepSpeed now, Func<RoundSpeed, double> quantity) => now.Level(quantity) - was.Level(quantity);

    static double Noise(StepSpeed was, StepSpeed now, Func<RoundSpeed, double> quantity) =>
        Math.Sqrt(Math.Pow(was.Drift(quantity), 2) + Math.Pow(now.Drift(quantity), 2));
}

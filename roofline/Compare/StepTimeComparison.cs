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
/// <param name="Factor">The middle of it, with the machine's part taken out.</param>
public sealed record StepTimeComparison(StepTimeVerdict Verdict, double Factor, Interval? Ratio, string Because)
{
    /// <summary>A smaller change is not worth a reviewer's time, and page placement alone can cause it.</summary>
    public const double SmallestChange = 1.05;

    /// <summary>A comparison that would not have noticed this decides nothing.</summary>
    public const double LargestUnnoticed = 1.3;

    // 99 % of a normal distribution: a false alarm costs a reviewer more than a small change that is found a run later.
    const double StandardErrors = 2.6;

    // Two runs that drift nowhere still differ by this much: other pages, another place in the caches.
    const double LeastNoise = 0.015;

    // Standard errors below the slope that the rounds suggest.
    const double Caution = 2;

    // A machine that hardly varies within the runs shows nothing.
    const double LeastVariation = 0.01;

    // From this share on rounds are compared with their own calibration.
    const double Followed = 0.5;

    // Above this the median says something that the fastest steps do not.
    const double MedianMoved = 1.25;

    public static StepTimeComparison Of(EvidenceRecord before, EvidenceRecord after) =>
        Of(StepSpeed.Of(before.Measurement, before), StepSpeed.Of(after.Measurement, before));

    internal static StepTimeComparison Of(StepSpeed was, StepSpeed now)
    {
        if (Math.Min(was.Rounds.Count, now.Rounds.Count) < StepSpeed.FewestRounds)
            return new(StepTimeVerdict.TooNoisy, 1, null,
                $"{was.Rounds.Count} and {now.Rounds.Count} rounds were measured and {StepSpeed.FewestRounds} are needed: measure both again");

        var machine = Sure(Difference(was, now, round => round.Machine), Noise(was, now, round => round.Machine));
        var share = LeastShare(was, now);
        var (least, most) = share > Followed
            ? (Paired(was, now, share), Paired(was, now, 1))
            : (Apart(was, now, share * machine), Apart(was, now, machine));
        var ratio = least.Span(most);
        var middle = Math.Sqrt(Math.Sqrt(least.Low * least.High * most.Low * most.High));
        var fastest = Math.Exp(Difference(was, now, round => round.Step));
        // Load explains any slowness, but no speed.
        var verdict = VerdictOf(ratio);
        var explained = was.Loaded && verdict != StepTimeVerdict.Slower || now.Loaded && verdict != StepTimeVerdict.Faster;
        return new(
            explained ? StepTimeVerdict.TooNoisy : verdict, middle, ratio,
            Reason(machine, was.Loaded, now.Loaded) + Stalls(now.Typical / was.Typical, fastest));
    }

    public static string Typical(EvidenceRecord record) =>
        record.Measurement.StepSeconds is { Count: > 0 } steps ? Units.Seconds(Statistics.Median(steps)) : "not measured";

    /// <param name="both">The two times, as readers know them.</param>
    internal Change AsChange(string subject, string both)
    {
        var range = Ratio is { } ratio ? $" ({ratio.Low:0.00}x to {ratio.High:0.00}x)" : "";
        var because = Because.TrimStart(';', ' ');
        var remark = because.Length > 0 ? $"; {because}" : "";
        var (kind, verdict) = Verdict switch
        {
            StepTimeVerdict.Slower => (ChangeKind.Worse, $"slower by {Factor:0.00}x{range}{remark}"),
            StepTimeVerdict.Faster => (ChangeKind.Better, $"faster: {Factor:0.00}x of the time{range}{remark}"),
            StepTimeVerdict.NoChange => (ChangeKind.Same, $"no change beyond noise{range}{remark}"),
            _ => (ChangeKind.Unclear, $"too noisy to say{range}, because {(because.Length > 0 ? because : "the rounds of a run lie too far apart")}"),
        };
        return new(subject, kind, $"{both}: {verdict}");
    }

    // How much of a change of the calibration kernels the steps follow: 1 when they slow down together, 0 when the steps do not notice.
    // It is not known beforehand, so a comparison must hold for every share from the least that the rounds themselves show up to 1.
    static double LeastShare(params IReadOnlyList<StepSpeed> runs)
    {
        // Around the middle of each run, so that the difference between the runs, which is in question, does not count.
        (double Step, double Machine)[] rounds =
        [
            .. runs.SelectMany(run =>
            {
                var (step, machine) = (run.Rounds.Average(round => round.Step), run.Rounds.Average(round => round.Machine));
                return run.Rounds.Select(round => (round.Step - step, round.Machine - machine));
            }),
        ];
        var spread = rounds.Sum(round => round.Machine * round.Machine);
        if (spread < rounds.Length * LeastVariation * LeastVariation)
            return 0;
        var slope = rounds.Sum(round => round.Step * round.Machine) / spread;
        var rest = rounds.Sum(round => Math.Pow(round.Step - slope * round.Machine, 2)) / Math.Max(rounds.Length - runs.Count - 1, 1);
        return Math.Clamp(slope - Caution * Math.Sqrt(rest / spread), 0, 1);
    }

    // Round by round: where steps follow the calibration next to them, a common change cancels.
    static Interval Paired(StepSpeed was, StepSpeed now, double share)
    {
        return Around(Difference(was, now, Rest), Noise(was, now, Rest));

        double Rest(RoundSpeed round) => round.Step - share * round.Machine;
    }

    // Run by run: a step and the calibration next to it are not disturbed alike.
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

    static string Reason(double machine, bool wasLoaded, bool nowLoaded)
    {
        var (load, advice) = (wasLoaded, nowLoaded) switch
        {
            (true, true) => ("others held the cores in both runs", ": measure both again on a free machine"),
            (true, false) => ("others held the cores in the run before", ": measure that one again on a free machine"),
            (false, true) => ("others held the cores in the run after", ": measure that one again on a free machine"),
            _ => ("", ""),
        };
        var calibration = Math.Abs(machine) < Math.Log(SmallestChange)
            ? ""
            : $"calibration says that the machine itself was {Units.Ratio(Math.Exp(Math.Abs(machine)))} {(machine > 0 ? "slower" : "faster")} after";
        return string.Join(" and ", new[] { load, calibration }.Where(reason => reason.Length > 0)) + advice;
    }

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

/// <summary>
/// One round in logarithms: how long its fastest step took, and how long the calibrated roofs would have let such a step take.
/// Other load makes steps slower, never faster: the fastest ones say most about the workload itself.
/// </summary>
readonly record struct RoundSpeed(double Step, double Machine);

/// <summary>The rounds of one run that say something about its step time.</summary>
/// <param name="Loaded">
/// Other processes held the cores most of the time, and a step waits for its slowest thread: even the fastest steps may be too slow.
/// A step of one thread is undisturbed whenever that thread has a core.
/// </param>
/// <param name="Typical">The median in seconds, disturbed or not.</param>
sealed record StepSpeed(IReadOnlyList<RoundSpeed> Rounds, bool Loaded, double Typical)
{
    /// <summary>Two in each of the parts that a run is divided into.</summary>
    public const int FewestRounds = 2 * Parts;

    const int Parts = 4;
    const double Quarter = 0.25;

    /// <summary>The lower quartile of the rounds: most of them may be disturbed.</summary>
    public double Level(Func<RoundSpeed, double> quantity) =>
        Rounds.Select(quantity).Order().ElementAt((int)(Quarter * (Rounds.Count - 1) + 0.5));

    /// <summary>How far the fastest moments of the four parts of the run lie apart: a drift that goes on until the next run.</summary>
    public double Drift(Func<RoundSpeed, double> quantity)
    {
        var parts = Enumerable.Range(0, Parts)
            .Select(part => Rounds.Take((part * Rounds.Count / Parts)..((part + 1) * Rounds.Count / Parts)).Min(quantity)).ToArray();
        var mean = parts.Average();
        return Math.Sqrt(parts.Sum(part => (part - mean) * (part - mean)) / (Parts - 1));
    }

    /// <param name="reference">Whose counts and peaks weigh the calibration kernels: the same for both runs that are compared.</param>
    public static StepSpeed Of(StepMeasurement measured, EvidenceRecord reference)
    {
        var timed = measured.Rounds.Where(round => round.StepSeconds.Count > 0).ToArray();
        var calm = timed.Where(round => !round.Disturbed).ToArray();
        var enough = calm.Length >= FewestRounds;
        var loaded = (!enough || 2 * calm.Length < timed.Length) && reference.Peaks.Threads > 1;
        return new(
            [.. (enough ? calm : timed).Select(round => Of(round, reference))], loaded,
            timed.Length > 0 ? Statistics.Median(measured.StepSeconds) : double.NaN);
    }

    /// <param name="disturbed">Whether other processes held the cores during the whole run.</param>
    public static StepSpeed Of(TimeFinding found, bool disturbed) => new(
        [.. found.Rounds.Select(round => new RoundSpeed(Math.Log(round.Seconds.Min()), Math.Log(round.Machine ?? 1)))],
        disturbed && !found.OneThread,
        Statistics.Median([.. found.Rounds.SelectMany(round => round.Seconds)]));

    static RoundSpeed Of(SampleRound round, EvidenceRecord reference) => new(
        Math.Log(round.StepSeconds.Min()),
        CalibratedRoofs.At(round.Calibration, reference.Peaks) is { } roofs ? Math.Log(Allowed(roofs, reference)) : 0);

    static double Allowed(CalibratedRoofs roofs, EvidenceRecord reference)
    {
        var memory = roofs.MemoryFor(reference.Regimes.WorkingSet.Value);
        return Math.Max(reference.Count.Flops / (roofs.ComputeFor(reference.Count) ?? roofs.Compute), reference.Count.Bytes / memory)
            + (reference.Measurement.RecordedCalls ?? reference.Count.OperatorCalls) * roofs.EmptyOperator;
    }
}

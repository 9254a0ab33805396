using MlPerfEdu.Roofline;

namespace MlPerfEdu.Engine.Trust;

/// <summary>A sidecar beside its replay.</summary>
/// <param name="steps">Of a look at the first steps; absent for the whole run.</param>
sealed class ReplayComparison(string path, EvidenceRecord stated, EvidenceRecord again, long? steps)
{
    public static string Tolerances { get; } = FormattableString.Invariant(
        $"the first {Replay.LossesCompared} losses within {Replay.LossTolerance:0.##} of their size, and the score within the spread of the reference seeds");

    /// <summary>On the same class of machine with the same engine and threads: everything but times, rates and memory.</summary>
    public IEnumerable<EvidenceFinding> BitForBit()
    {
        var differences = new List<FieldDifference>(
        [
            .. FieldDifference.Between("data.files", stated.Data.Files, again.Data.Files),
            .. FieldDifference.Between("count", stated.Count, again.Count),
            .. Begin(),
        ]);
        if (steps is null)
            differences.AddRange(
            [
                .. FieldDifference.Between("trajectory_sha256", stated.TrajectorySha256, again.TrajectorySha256),
                .. FieldDifference.Between("quality.metrics", Repeatable(stated.Quality), StatedOf(again.Quality)),
                .. stated.Serving is null ? FieldDifference.Between("quality.target.value", stated.Quality.Target.Value, again.Quality.Target.Value) : [],
                .. Invariants(),
            ]);
        return differences.Select(difference => FieldFindings.NotReplayed(path, difference, steps is null ? "bit for bit" : $"{steps} steps, bit for bit"));
    }

    /// <summary>On another machine, or with other libraries or threads.</summary>
    /// <param name="reference">The scores of the entry's reference seeds; absent where it has none.</param>
    public IEnumerable<EvidenceFinding> Within(IReadOnlyList<double>? reference)
    {
        var differences = new List<FieldDifference>(FieldDifference.Between("data.files", stated.Data.Files, again.Data.Files));
        if (stated.Trajectory is { } trajectory && again.Trajectory is { } repeated)
            differences.AddRange(trajectory.FirstLosses.Zip(repeated.FirstLosses).Take(Replay.LossesCompared)
                .Select((pair, step) => (Field: $"trajectory.first_losses[{step}]", pair.First, pair.Second))
                .Where(loss => Math.Abs(loss.First - loss.Second) > Replay.LossTolerance * Math.Abs(loss.Second))
                .Select(loss => new FieldDifference(loss.Field, $"{loss.First}", $"about {loss.Second}")));
        if (steps is null)
        {
            differences.AddRange(Invariants());
            var (score, repeatedScore) = (stated.Quality.Target.Value, again.Quality.Target.Value);
            if (reference is { Count: > 1 } && Math.Abs(score - repeatedScore) > reference.Max() - reference.Min())
                differences.Add(new("quality.target.value", $"{score}", $"{repeatedScore}, or as near as the reference seeds lie together, {reference.Max() - reference.Min():0.####}"));
        }
        return differences.Select(difference => FieldFindings.NotReplayed(path, difference, Tolerances));
    }

    // What both know of the steps that were taken.
    IEnumerable<FieldDifference> Begin()
    {
        var taken = steps ?? long.MaxValue;
        var marks = again.Trajectory?.Marks.ToDictionary(mark => mark.Steps, mark => mark.Sha256) ?? [];
        var curve = again.Quality.Curve.ToDictionary(point => point.Step, point => point.Value);
        return
        [
            .. stated.Trajectory is { } trajectory && again.Trajectory is { } repeated
                ?
                [
                    .. FieldDifference.Between<IReadOnlyList<double>>("trajectory.first_losses", [.. trajectory.FirstLosses.Take((int)Math.Min(taken, int.MaxValue))], repeated.FirstLosses),
                    .. trajectory.Marks.SelectMany((mark, index) => mark.Steps > taken ? [] : FieldDifference.Between(
                        $"trajectory.marks[{index}].sha256", mark.Sha256, marks.GetValueOrDefault(mark.Steps, "nothing"))),
                    .. trajectory.Losses is { } losses && repeated.Losses is { } means
                        ? FieldDifference.Between("trajectory.losses.means", Whole(losses), Whole(means))
                        : [],
                ]
                : Array.Empty<FieldDifference>(),
            .. stated.Quality.Curve.SelectMany((point, index) => point.Step > taken ? [] : FieldDifference.Between(
                $"quality.curve[{index}].value", point.Value, curve.GetValueOrDefault(point.Step, double.MaxValue))),
        ];
    }

    // A mean of more steps than were taken says nothing about these.
    IReadOnlyList<double> Whole(LossCurve losses) => steps is { } taken ? [.. losses.Means.Take((int)Math.Min(taken / losses.Every, int.MaxValue))] : losses.Means;

    // The other lines follow from what a sidecar states of itself, or from times. What was found may be a number of the moment; whether it holds is not.
    IReadOnlyList<FieldDifference> Invariants()
    {
        return FieldDifference.Between("validity", Lines(stated), Lines(again));

        static IReadOnlyDictionary<string, string> Lines(EvidenceRecord record) => record.Validity.Where(line => !Claims.IsDerived(line))
            .ToDictionary(line => line.Constraint, line => line.Met ? "met" : "not met", StringComparer.Ordinal);
    }

    // A version that scores more trivial answers than the one before contradicts nothing.
    Dictionary<string, double> StatedOf(QualityRecord quality) =>
        Repeatable(quality).Where(metric => stated.Quality.Metrics.ContainsKey(metric.Key)).ToDictionary(StringComparer.Ordinal);

    static Dictionary<string, double> Repeatable(QualityRecord quality) =>
        quality.Metrics.Where(metric => !TimedMetrics.Has(metric.Key)).ToDictionary(metric => metric.Key, metric => metric.Value, StringComparer.Ordinal);
}

/// <summary>Metrics that are times, rates or memory by their names: no run has them twice.</summary>
static class TimedMetrics
{
    static readonly string[] Words =
    [
        "seconds", "_per_s", "peak_mb", "speed_up", "latency", "between_tokens", "time_to_first_token", "time_per_output_token", "issue_delay", "tokens_per_second", "samples_per_second",
        "gather_over_random", "gain_of_two_of_four",
    ];

    public static bool Has(string metric) => Words.Any(word => metric.Contains(word, StringComparison.Ordinal)) || metric is "queries" or "samples";
}

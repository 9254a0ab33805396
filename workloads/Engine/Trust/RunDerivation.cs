using System.Globalization;
using MlPerfEdu.Engine.Inference;
using MlPerfEdu.Engine.LoadGen;
using MlPerfEdu.Engine.Running;
using MlPerfEdu.Engine.Training;
using MlPerfEdu.Roofline;
using MlPerfEdu.Roofline.Load;

namespace MlPerfEdu.Engine.Trust;

/// <summary>Derives the fields of a run again that follow from its entry in workloads.yaml and from datasets.yaml, and finds those that are not so.</summary>
sealed class RunDerivation(string path, EvidenceRecord record, WorkloadCatalog catalog)
{
    const string FromEntry = "from its entry in workloads.yaml";

    readonly ModelEntry entry = (ModelEntry)catalog.Find(record.Workload.Id)!;

    public IEnumerable<EvidenceFinding> Findings()
    {
        var trainer = catalog.TrainerOf(entry);
        var findings = new List<EvidenceFinding>(
        [
            .. Same("workload.suite", record.Workload.Suite, entry.Suite, FromEntry),
            .. Same("thresholds", record.Thresholds, catalog.Thresholds, "from workloads.yaml"),
            // Runs from before budgets were asserted have neither.
            .. record.Cost is { Budget: null, PeakMemoryFrom: null } ? [] : Same("cost.budget", record.Cost.Budget, entry.Budget, FromEntry),
            // An answer may take several models, one of which the measured step runs.
            .. entry is InferenceEntry && record.Count.Parameters < entry.Params ? [] : Same("count.parameters", record.Count.Parameters, entry.Params, FromEntry),
        ]);
        // With another data set than any of its own, the one that it comes closest to.
        var choice = trainer.Data.FirstOrDefault(choice => choice.Dataset == record.Data.Dataset)
            ?? trainer.Data.FirstOrDefault(choice => choice.Tier == record.Data.Tier) ?? trainer.Data[0];
        findings.AddRange(Same("data.dataset", record.Data.Dataset, choice.Dataset, FromEntry));
        findings.AddRange(Same("data.tier", record.Data.Tier, choice.Tier, FromEntry));
        findings.AddRange(Files(DataCatalog.BuiltIn[choice.Dataset]));
        findings.AddRange(Validity(choice));
        findings.AddRange(entry is InferenceEntry inference ? Answering(inference) : Training((WorkloadEntry)entry, choice));
        return findings;
    }

    /// <summary>The digests are those that datasets.yaml pins.</summary>
    IEnumerable<EvidenceFinding> Files(DataSetEntry dataset)
    {
        foreach (var (name, digest) in record.Data.Files)
        {
            if (!PinnedFiles.Accepts(dataset, name, digest, out var expected))
                yield return FieldFindings.Derived(path, new($"data.files.{name}", digest, expected), "from datasets.yaml");
        }
        foreach (var missing in PinnedFiles.Required(dataset).Where(names => !names.Any(record.Data.Files.ContainsKey)))
            yield return FieldFindings.Derived(path, new($"data.files.{missing[0]}", "nothing", "its SHA-256"), "from datasets.yaml");
    }

    /// <summary>The lines that a run of this entry has, apart from those of its workload's own invariants.</summary>
    IEnumerable<EvidenceFinding> Validity(DataChoice choice)
    {
        List<ValidityLine> derived =
        [
            .. EvidenceAssembler.Declared(record.Data.Dataset, record.Data.Tier, choice),
            .. EvidenceAssembler.Recorded(record.Measurement),
            .. entry is WorkloadEntry trained ? EvidenceAssembler.Size(trained) : [],
        ];
        foreach (var line in derived)
        {
            var stated = record.Validity.FirstOrDefault(stated => stated.Constraint == line.Constraint);
            foreach (var finding in Same($"validity[{line.Constraint}]", stated?.ToString() ?? "nothing", line.ToString(), "from its data, measurement and entry"))
                yield return finding;
        }

        // A bound of another target, or a load line of a training, would belong to nothing.
        var known = record.Quality.Checks.Select(check => $"quality {check.Metric}").ToHashSet(StringComparer.Ordinal);
        if (record.Serving is { IsWhole: true } serving)
            known.UnionWith(LoadValidity.Lines(serving.Load, serving.Answers).Select(line => line.Constraint));
        foreach (var stray in record.Validity.Where(line => !known.Contains(line.Constraint)
            && (line.Constraint.StartsWith("quality ", StringComparison.Ordinal) || line.Constraint.StartsWith("load: ", StringComparison.Ordinal))))
            yield return FieldFindings.Derived(path, new($"validity[{stray.Constraint}]", stray.ToString(), "nothing"), "as the run has no such constraint");
    }

    IEnumerable<EvidenceFinding> Training(WorkloadEntry trained, DataChoice choice)
    {
        var recipe = RecordedRun.IsClosed(trained, choice, record) ? trained.Closed!.Recipe : choice.Recipe;
        return
        [
            .. Settings(EntrySettings.Of(trained, recipe)),
            .. Checks([choice.QualityTarget, .. choice.Also]),
            .. Same("serving", record.Serving, null, "as it answers nothing"),
            .. new CurveDerivation(path, record, recipe).Findings(),
        ];
    }

    IEnumerable<EvidenceFinding> Answering(InferenceEntry answering)
    {
        var findings = new List<EvidenceFinding>(
        [
            .. Settings(EntrySettings.Of(answering)),
            .. Checks(answering.Checks),
            .. Same("quality.curve", record.Quality.Curve, [], "as it trains nothing"),
            .. Same("cost.time_to_target_seconds", record.Cost.TimeToTargetSeconds, null, "as it trains nothing"),
        ]);
        if (record.Serving is not { } serving)
            return [.. findings, .. Same("serving", "nothing", "its load and answers", FromEntry)];
        // Another rate may be asked for, as another scenario may; earlier runs had fewer figures.
        double? rate = serving.Load.TargetRate is > 0 and var asked ? asked : null;
        var load = ServingSession.Settings(answering.Load, serving.Load.Scenario, (int)record.Seed, rate);
        if (serving.Load.Rules is null)
            load = load with { Rules = null };
        return
        [
            .. findings,
            .. Same("serving.load", serving.Load, load, "from its entry, scenario and seed"),
            .. serving.IsWhole ? new AnswerDerivation(path, record, serving with { Load = load }).Findings() : [],
        ];
    }

    // What was used instead of bf16, and why, is the machine's: EvidenceVerifier holds it against its facts.
    IEnumerable<EvidenceFinding> Settings(IReadOnlyDictionary<string, string> derived) => Same(
        "settings", record.Settings,
        new Dictionary<string, string>([.. derived, .. record.Settings.Where(pair => pair.Key is "precision.used" or "precision.why")], StringComparer.Ordinal), FromEntry);

    IEnumerable<EvidenceFinding> Checks(IReadOnlyList<QualityTarget> targets)
    {
        foreach (var (target, index) in targets.Select((target, index) => (target, index)))
        {
            var field = index == 0 ? "quality.target" : $"quality.constraints[{index - 1}]";
            var stated = record.Quality.Checks.ElementAtOrDefault(index);
            if (stated is null)
            {
                yield return FieldFindings.Derived(path, new(field, "nothing", $"a bound on {target.Metric}"), FromEntry);
                continue;
            }
            foreach (var finding in Same(field, stated, QualityCheck.Of(target, stated.Value), FromEntry))
                yield return finding;
        }
        foreach (var (more, index) in record.Quality.Checks.Select((check, index) => (check, index)).Skip(targets.Count))
            yield return FieldFindings.Derived(path, new($"quality.constraints[{index - 1}]", more.ToString(), "nothing"), FromEntry);
    }

    IEnumerable<EvidenceFinding> Same<T>(string field, T stated, T derived, string source) =>
        FieldDifference.Between(field, stated, derived).Select(difference => FieldFindings.Derived(path, difference, source));
}

/// <summary>How the run of a sidecar was asked for.</summary>
static class RecordedRun
{
    public static bool IsClosed(WorkloadEntry entry, DataChoice choice, EvidenceRecord record) => entry.Closed?.Recipe is { } closed
        && choice.Recipe.Division != closed.Division && record.Settings.GetValueOrDefault("recipe.Division") == closed.Division;

    /// <summary>A run until the target ends at the first evaluation that meets it.</summary>
    public static bool EndedAtTarget(EvidenceRecord record, Recipe recipe)
    {
        var (curve, target) = (record.Quality.Curve, record.Quality.Target);
        return curve.Count > 0 && curve[^1].Step < (long)recipe.Epochs * recipe.BatchesPerEpoch && target.Bound.Holds(curve[^1].Value, target.Limit);
    }
}

/// <summary>The score of a training follows from its evaluations, and these come when the recipe says.</summary>
sealed class CurveDerivation(string path, EvidenceRecord record, Recipe recipe)
{
    readonly IReadOnlyList<QualityPoint> curve = record.Quality.Curve;
    readonly QualityCheck target = record.Quality.Target;

    public IEnumerable<EvidenceFinding> Findings()
    {
        long total = (long)recipe.Epochs * recipe.BatchesPerEpoch, interval = recipe.EvalEvery ?? recipe.BatchesPerEpoch;
        long[] steps = [.. Steps(total, interval)];
        var expected = RecordedRun.EndedAtTarget(record, recipe) && curve.Count < steps.Length ? steps[..curve.Count] : steps;
        foreach (var difference in FieldDifference.Between<IReadOnlyList<long>>("quality.curve", [.. curve.Select(point => point.Step)], expected))
            yield return FieldFindings.Derived(path, difference, "the steps of the recipe's evaluations");
        if (curve.Count == 0)
            yield break;

        var kept = recipe.KeptEpoch == "best" ? Best() : curve[^1].Value;
        if (target.Value != kept)
            yield return FieldFindings.Derived(path, new("quality.target.value", $"{target.Value:R}", $"{kept:R}"), $"the {recipe.KeptEpoch ?? "last"} of its evaluations");
        if (record.Quality.Metrics.TryGetValue(target.Metric, out var metric) && metric != kept)
            yield return FieldFindings.Derived(path, new($"quality.metrics.{target.Metric}", $"{metric:R}", $"{kept:R}"), $"the {recipe.KeptEpoch ?? "last"} of its evaluations");
        if (TimeToTarget() is { } time)
            yield return time;
        foreach (var finding in Trajectory())
            yield return finding;
        // In so many steps of what was counted, without those that leave layers out; elsewhere what is timed is not what is trained.
        var whole = curve[^1].Step * (1 - (recipe.ShallowShare ?? 0));
        if (record.Count.Batch == recipe.Batch && RawFacts.LeastStepSeconds(record) * whole is var least && record.Cost.TrainSeconds < least)
            yield return FieldFindings.Impossible(path, "cost.train_seconds", $"{record.Cost.TrainSeconds}", $"at least {least:0.###}, half of what its steps take at this machine's peaks");
    }

    /// <summary>The marks are those of the first losses as far as these go, and the last one is that of the whole run.</summary>
    IEnumerable<EvidenceFinding> Trajectory()
    {
        if (record.Trajectory is not { } trajectory)
            yield break;
        var planned = (long)recipe.Epochs * recipe.BatchesPerEpoch;
        using var first = new LossTrajectory(planned);
        foreach (var loss in trajectory.FirstLosses)
            first.Add((float)loss);
        var steps = curve[^1].Step;
        foreach (var difference in trajectory.Losses is { } losses ? Means(losses, first.Record.Losses!) : [])
            yield return FieldFindings.Derived(path, difference, "from its recipe, steps and first losses");
        if (trajectory.FirstLosses.Count != Math.Min(steps, LossTrajectory.Kept))
            yield return Found("trajectory.first_losses", $"{trajectory.FirstLosses.Count}", $"{Math.Min(steps, LossTrajectory.Kept)}", "one for each of the first steps");
        // Marks of an edited sidecar may have the same step twice.
        var derived = trajectory.Marks.DistinctBy(mark => mark.Steps).ToDictionary(mark => mark.Steps, mark => mark.Sha256);
        foreach (var mark in first.Record.Marks)
            derived[mark.Steps] = mark.Sha256;
        derived[steps] = record.TrajectorySha256;
        var expected = LossTrajectory.MarkedSteps(steps).Select(step => new TrajectoryMark(step, derived.GetValueOrDefault(step, "a SHA-256")));
        foreach (var difference in FieldDifference.Between<IReadOnlyList<TrajectoryMark>>("trajectory.marks", trajectory.Marks, [.. expected]))
            yield return FieldFindings.Derived(path, difference, "from its losses, steps and trajectory_sha256");

        EvidenceFinding Found(string field, string found, string expected, string why) => FieldFindings.Derived(path, new(field, found, expected), why);

        IEnumerable<FieldDifference> Means(LossCurve stated, LossCurve known)
        {
            var whole = trajectory.FirstLosses.Count == steps ? known.Means.Count : (int)(trajectory.FirstLosses.Count / known.Every);
            long count = (steps + known.Every - 1) / known.Every;
            return
            [
                .. FieldDifference.Between("trajectory.losses.every", stated.Every, known.Every),
                .. FieldDifference.Between("trajectory.losses.means", $"{stated.Means.Count} means", $"{count} means"),
                .. FieldDifference.Between<IReadOnlyList<double>>("trajectory.losses.means", [.. stated.Means.Take(whole)], [.. known.Means.Take(whole)]),
            ];
        }
    }

    EvidenceFinding? TimeToTarget()
    {
        var stated = record.Cost.TimeToTargetSeconds;
        if (stated is not null && !curve.Any(Meets))
            return Found("absent", "as no evaluation meets the target");
        // Constraints are known of the evaluation that counts only.
        var surely = record.Quality.Constraints.Count == 0 ? curve.Any(Meets) : record.Quality.Met;
        return stated is null && surely ? Found("a time", "as an evaluation meets the target") : null;

        EvidenceFinding Found(string expected, string why) =>
            FieldFindings.Derived(path, new("cost.time_to_target_seconds", stated is { } time ? $"{time}" : "nothing", expected), why);
    }

    double Best() => target.Bound == QualityBound.AtLeast ? curve.Max(point => point.Value) : curve.Min(point => point.Value);
    bool Meets(QualityPoint point) => target.Bound.Holds(point.Value, target.Limit);

    static IEnumerable<long> Steps(long total, long interval)
    {
        for (var step = interval; step < total; step += interval)
            yield return step;
        yield return total;
    }
}

/// <summary>Which sample is asked when follows from the seeds of the load; no token comes before its query was sent.</summary>
sealed class AnswerDerivation(string path, EvidenceRecord record, ServingRecord serving)
{
    // A logarithm's last bit differs between machines, and times are truncated to nanoseconds.
    const long Rounding = 1000;

    public IEnumerable<EvidenceFinding> Findings()
    {
        var (load, answers) = (serving.Load, serving.Answers);
        var order = new SampleOrder(load);
        var arrivals = load.Scenario == LoadScenario.Server ? new ArrivalTimes(load.TargetRate!.Value, load.Seeds.Arrival) : null;
        var (next, query, last) = (0, 0, 0L);
        while (next < answers.Count)
        {
            var samples = load.Scenario == LoadScenario.Offline ? order.Offline(load.Queries) : order.Next();
            foreach (var sample in samples)
            {
                var field = $"serving.answers[{next}]";
                if (next == answers.Count)
                    yield return FieldFindings.Derived(path, new(field, "nothing", $"sample {sample} of query {query}"), "from the load's seeds");
                if (next == answers.Count)
                    yield break;
                var answer = answers[next++];
                if (answer.Query != query)
                    yield return FieldFindings.Derived(path, new($"{field}.query", $"{answer.Query}", $"{query}"), "from the load's order");
                if (answer.Sample != sample)
                    yield return FieldFindings.Derived(path, new($"{field}.sample", $"{answer.Sample}", $"{sample}"), "from the load's seeds");
                if (arrivals is not null && Math.Abs(answer.Scheduled - arrivals.Next) > Rounding)
                    yield return FieldFindings.Derived(path, new($"{field}.scheduled", $"{answer.Scheduled}", $"{arrivals.Next}"), "from the load's seeds");
                if (answer.Issued < answer.Scheduled)
                    yield return FieldFindings.Impossible(path, $"{field}.issued", $"{answer.Issued}", $"{answer.Scheduled} or later, when it was due");
                // Before others sent the queries, answers came one after another.
                var first = answer.Issued ?? Math.Max(last, answer.Scheduled);
                if (answer.Scheduled < 0 || answer.Tokens[0] < first || answer.Tokens.Zip(answer.Tokens.Skip(1)).Any(pair => pair.Second < pair.First))
                    yield return FieldFindings.Impossible(path, $"{field}.tokens", $"{answer.Tokens[0]} first", $"times that rise, from {first} on");
                last = Math.Max(last, answer.Completed);
            }
            query++;
            arrivals?.Advance();
        }

        var seconds = record.Cost.TrainSeconds;
        if (seconds < last / 1e9)
            yield return FieldFindings.Impossible(path, "cost.train_seconds", $"{seconds}", string.Create(CultureInfo.InvariantCulture, $"at least {last / 1e9}, when the last answer came"));
    }
}

using System.Text;
using System.Text.Json;
using MlPerfEdu.Roofline;

namespace MlPerfEdu.Engine.Mllog;

/// <summary>
/// What a log of one benchmark must have. Each rule stands here once, in C# for our own check and in the language of MLCommons'
/// compliance checker, whose engine runs it unchanged.
/// </summary>
sealed class LogRules(WorkloadEntry entry, IReadOnlyList<string> benchmarks)
{
    public const string ExactlyOne = "EXACTLY_ONE", AtLeastOne = "AT_LEAST_ONE";

    // MLPerf's for initialisation, in minutes.
    const int ClosedMinutes = 30, OpenMinutes = 240;

    public IReadOnlyList<LogRule> All =>
    [
        Stated("submission_org"), Stated("submission_platform"),
        new("submission_division", ExactlyOne, new LogCheck("v['value'] in ['closed', 'open']", (_, line) => Text(line.Value) is "closed" or "open", "closed or open"))
        {
            Then = new($"s['minutes'] = {OpenMinutes} if v['value'] == 'open' else {ClosedMinutes}", (state, line) => state.Minutes = Text(line.Value) == "open" ? OpenMinutes : ClosedMinutes),
        },
        new("submission_benchmark", ExactlyOne,
            new LogCheck($"v['value'] == '{entry.Id}'", (_, line) => Text(line.Value) == entry.Id, benchmarks.Count == 1 ? entry.Id : $"one of {string.Join(", ", benchmarks)}")),
        new("cache_clear", AtLeastOne),
        new("seed", AtLeastOne, new LogCheck("is_integer(v['value'])", (_, line) => Number(line.Value) is { } seed && double.IsInteger(seed), "a whole number")),
        new(LogKeys.DataSet, ExactlyOne,
            new LogCheck($"v['value'] in [{string.Join(", ", entry.Data.Select(choice => $"'{choice.Dataset}'"))}]",
                (_, line) => entry.Data.Any(choice => choice.Dataset == Text(line.Value)), "a data set of the entry"))
        {
            Then = new("s['data'] = v['value']", (state, line) => state.DataSet = Text(line.Value)),
        },
        new("init_start", AtLeastOne, Not("init_stopped", state => state.InitStopped), Not("run_started", state => state.RunStarted))
        {
            Then = new("s['first_init'] = min(s['first_init'], ll.timestamp)", (state, line) => state.FirstInit = Math.Min(state.FirstInit, line.TimeMs)),
        },
        new("init_stop", ExactlyOne, Not("run_started", state => state.RunStarted),
            new("0 <= ll.timestamp - s['first_init'] < s['minutes'] * 60000",
                (state, line) => line.TimeMs - state.FirstInit is var time && time >= 0 && time < state.Minutes * 60000.0,
                $"init_stop less than {ClosedMinutes} minutes (open: {OpenMinutes}) after init_start"))
        {
            Then = new("s['init_stopped'] = True", (state, _) => state.InitStopped = true),
        },
        new("run_start", ExactlyOne, After("init_stopped", "init_stop", state => state.InitStopped))
        {
            Then = new("s['run_started'] = True", (state, _) => state.RunStarted = true),
        },
        Positive("train_samples", ExactlyOne), Positive("eval_samples", ExactlyOne),
        Positive("global_batch_size", ExactlyOne), Positive("gradient_accumulation_steps", ExactlyOne),
        Stated("opt_name"),
        new("opt_base_learning_rate", ExactlyOne, new LogCheck("v['value'] >= 0", (_, line) => Number(line.Value) >= 0, "a number from 0")),
        Step("block_start"), Step("block_stop"), Step("eval_start"), Step("eval_stop"),
        new("eval_accuracy", AtLeastOne, Counted, Running,
            new("math.isfinite(v['value'])", (_, line) => Number(line.Value) is { } score && double.IsFinite(score), "a finite number"),
            new("'metric' in v['metadata']", (_, line) => Text(line.Of(LogKeys.Metric)) is not null, "its metric in the metadata"))
        {
            Then = new("s['score'][v['metadata']['metric']] = v['value']",
                (state, line) => state.Scores[Text(line.Of(LogKeys.Metric)) ?? ""] = Number(line.Value) ?? double.NaN),
        },
        new("run_stop", ExactlyOne, Running,
            new("v['metadata']['status'] in ['success', 'aborted']", (_, line) => Text(line.Of("status")) is "success" or "aborted", "the status success or aborted in its metadata"),
            new($"v['metadata']['status'] != 'success' or {Met()}", (state, line) => Text(line.Of("status")) != "success" || IsMet(state),
                "success only where the last scores before it meet every target")),
    ];

    static LogCheck Counted { get; } = new("v['metadata']['samples_count'] >= 0", (_, line) => Number(line.Of("samples_count")) >= 0, "samples_count from 0 in its metadata");

    static LogCheck Running { get; } = After("run_started", "run_start", state => state.RunStarted);

    static LogRule Stated(string key) => new(key, ExactlyOne, new LogCheck("v['value'] != ''", (_, line) => Text(line.Value) is { Length: > 0 }, "some text"));

    static LogRule Positive(string key, string required) => new(key, required, new LogCheck("v['value'] > 0", (_, line) => Number(line.Value) > 0, "a number above 0"));

    static LogRule Step(string key) => new(key, AtLeastOne, Counted, Running);

    static LogCheck After(string flag, string key, Func<LogState, bool> seen) => new($"s['{flag}']", (state, _) => seen(state), $"{key} before it");

    static LogCheck Not(string flag, Func<LogState, bool> seen) => new($"not s['{flag}']", (state, _) => !seen(state), $"no {flag.Replace("_started", "_start").Replace("_stopped", "_stop")} before it");

    bool IsMet(LogState state) => entry.Data.FirstOrDefault(choice => choice.Dataset == state.DataSet) is { } choice
        && choice.Also.Prepend(choice.QualityTarget).All(target => target.IsMetBy(state.Scores.GetValueOrDefault(target.Metric, double.NaN)));

    // A score that is missing meets no bound.
    string Met() => $"({string.Join(" or ", entry.Data.Select(choice => $"(s['data'] == '{choice.Dataset}' and {string.Join(" and ", choice.Also.Prepend(choice.QualityTarget).Select(Met))})"))})";

    static string Met(QualityTarget target) => FormattableString.Invariant(
        $"s['score'].get('{target.Metric}', math.nan) {(target.Bound == QualityBound.AtLeast ? ">=" : "<=")} {target.Limit}");

    static string? Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    static double? Number(JsonElement value) => value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;

    /// <summary>The rule file of this benchmark, for MLCommons' compliance checker.</summary>
    public string Yaml()
    {
        var yaml = new StringBuilder($"# Rules for logs of {entry.Id}, made from workloads.yaml by `mllog rules`.\n");
        yaml.Append("- BEGIN:\n    CODE: |\n      s.update({'init_stopped': False, 'run_started': False, 'first_init': math.inf, 'minutes': ")
            .Append(ClosedMinutes).Append(", 'data': '', 'score': {}})\n");
        foreach (var rule in All)
        {
            yaml.Append($"- KEY:\n    NAME: {rule.Key}\n    REQ: {rule.Required}\n");
            if (rule.Checks.Count > 0)
                yaml.Append("    CHECK:\n").AppendJoin("", rule.Checks.Select(check => $"      - \"{check.Python}\"\n"));
            if (rule.Then is { } then)
                yaml.Append($"    POST: \"{then.Python}\"\n");
        }

        return yaml.ToString();
    }

    /// <summary>The rule file that the checker starts with; it goes on with that of the log's benchmark.</summary>
    /// <param name="folder">Where both lie; the checker takes full paths only.</param>
    public static string StartYaml(string folder, IEnumerable<string> benchmarks)
    {
        var place = JsonSerializer.Serialize(Path.GetFullPath(folder).Replace('\\', '/') + "/").Replace("'", "''");
        return $"""
            # Begin here: python -m mlperf_logging.compliance_checker --usage training --ruleset 6.1.0 --config THIS_FILE LOG
            - KEY:
                NAME: submission_benchmark
                REQ: EXACTLY_ONE
                CHECK: "v['value'] in [{string.Join(", ", benchmarks.Select(id => $"'{id}'"))}]"
                POST: 'enqueue_config({place} + v["value"] + ".yaml")'

            """;
    }
}

/// <summary>How often a key may come, and what must hold for each of its lines.</summary>
sealed record LogRule(string Key, string Required, params IReadOnlyList<LogCheck> Checks)
{
    /// <summary>What the rest of the log is checked against.</summary>
    public LogStep? Then { get; init; }

    public bool IsCountedRight(int lines) => Required == LogRules.ExactlyOne ? lines == 1 : lines >= 1;

    public string Often => Required == LogRules.ExactlyOne ? "exactly one" : "at least one";
}

/// <param name="Expected">For the message.</param>
sealed record LogCheck(string Python, Func<LogState, MllogLine, bool> Holds, string Expected);

sealed record LogStep(string Python, Action<LogState, MllogLine> Apply);

/// <summary>What has been read of a log.</summary>
sealed class LogState
{
    public bool InitStopped { get; set; }

    public bool RunStarted { get; set; }

    public double FirstInit { get; set; } = double.PositiveInfinity;

    public double Minutes { get; set; } = 30;

    public string? DataSet { get; set; }

    public Dictionary<string, double> Scores { get; } = new(StringComparer.Ordinal);
}

/// <summary>Checks one log of training against the rules of its benchmark.</summary>
public static class LogChecker
{
    /// <param name="lines">Those of the file, also where something is found.</param>
    public static IReadOnlyList<LogFinding> Check(string path, WorkloadCatalog catalog, out IReadOnlyList<MllogLine> lines)
    {
        (lines, var unreadable) = MllogLine.Read(path);
        if (lines.Count == 0)
            return [.. unreadable, LogFindings.NoLines(path)];
        List<LogFinding> findings = [.. unreadable];
        string[] benchmarks = [.. catalog.Workloads.Select(entry => entry.Id)];
        var named = lines.FirstOrDefault(line => line.Key == "submission_benchmark");
        // Without a known name any entry serves: the line that is missing or wrong is found all the same.
        var entry = catalog.Workloads.FirstOrDefault(entry => entry.Id == (named?.Value.ValueKind == JsonValueKind.String ? named.Value.GetString() : null));
        var rules = entry is null ? new LogRules(catalog.Workloads[0], benchmarks) : new LogRules(entry, [entry.Id]);
        findings.AddRange(Follow(path, lines, rules.All));
        return findings;
    }

    static IEnumerable<LogFinding> Follow(string path, IReadOnlyList<MllogLine> lines, IReadOnlyList<LogRule> rules)
    {
        var state = new LogState();
        var byKey = rules.ToDictionary(rule => rule.Key, StringComparer.Ordinal);
        foreach (var line in lines)
        {
            if (!byKey.TryGetValue(line.Key, out var rule))
                continue;
            foreach (var check in rule.Checks.Where(check => !check.Holds(state, line)))
                yield return LogFindings.Rule(path, line, check.Expected);
            rule.Then?.Apply(state, line);
        }

        var counts = lines.CountBy(line => line.Key, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        foreach (var rule in rules.Where(rule => !rule.IsCountedRight(counts.GetValueOrDefault(rule.Key))))
            yield return LogFindings.Count(path, rule.Key, counts.GetValueOrDefault(rule.Key), rule.Often);
    }
}

/// <summary>The rules of all benchmarks as files of MLCommons' compliance checker.</summary>
public static class RuleFiles
{
    /// <returns>The file that the checker begins with.</returns>
    public static string Write(string folder, WorkloadCatalog catalog)
    {
        string[] ids = [.. catalog.Workloads.Select(entry => entry.Id)];
        foreach (var entry in catalog.Workloads)
            Put($"{entry.Id}.yaml", new LogRules(entry, [entry.Id]).Yaml());
        return Put("start.yaml", LogRules.StartYaml(folder, ids));

        string Put(string name, string text)
        {
            var path = Path.Combine(folder, name);
            AtomicFile.Write(path, Encoding.UTF8.GetBytes(text));
            return path;
        }
    }
}

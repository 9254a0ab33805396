namespace MlPerfEdu.Catalog;

/// <summary>Keeps the names of suites and workloads valid, and workloads unique as ids and as class names.</summary>
internal sealed class WorkloadNames(Problems problems)
{
    readonly Dictionary<string, Position> ids = [];
    readonly Dictionary<string, YamlScalar> classes = new(StringComparer.OrdinalIgnoreCase);

    // `dotnet test --filter Suite=…` finds other tests by these.
    static readonly string[] Reserved = ["serving", "zoo"];

    public void AddSuite(YamlScalar suite)
    {
        if (CheckForm(suite, "a suite") && Reserved.Contains(suite.Text))
            problems.ReservedSuite(suite, Reserved);
    }

    public void Add(YamlScalar id, string suite)
    {
        if (!CheckForm(id, "a workload"))
            return;
        var className = ClassName.Of(id.Text);
        if (!ids.TryAdd(id.Text, id.Start))
            problems.DuplicateWorkload(id, suite, ids[id.Text]);
        else if (!classes.TryAdd(className, id))
            problems.ClassNameCollision(id, className, classes[className]);
    }

    bool CheckForm(YamlScalar id, string what)
    {
        if (!Names.IsId(id.Text))
            problems.NotAnId(id, what);
        else if (Names.IsReserved(id.Text))
            problems.ReservedName(id, what);
        else
            return true;
        return false;
    }
}

public static class ClassName
{
    /// <summary>anomaly-ae-train becomes AnomalyAeTrain; a leading digit gets an underscore before it.</summary>
    public static string Of(string id)
    {
        var name = string.Concat(id.Split('-').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
        return char.IsAsciiDigit(name[0]) ? "_" + name : name;
    }
}

/// <summary>Which texts are valid names, and which known name is meant.</summary>
internal static partial class Names
{
    public const int MaxLength = 64;

    /// <summary>Ids of suites, workloads, models, data sets and machine classes.</summary>
    public static bool IsId(string text) => text.Length <= MaxLength && Id().IsMatch(text);

    /// <summary>Names of metrics and sizes.</summary>
    public static bool IsWord(string text) => text.Length <= MaxLength && Word().IsMatch(text);

    /// <summary>Names that Windows gives to devices; snapshots are files named after workloads.</summary>
    public static bool IsReserved(string id) => Device().IsMatch(id);

    /// <summary>The known name at most a third of its length away, or null.</summary>
    public static string? Nearest(string found, IEnumerable<string> known) =>
        found.Length > MaxLength ? null : known
            .Select(name => (Name: name, Distance: Distance(found, name)))
            .Where(candidate => candidate.Distance <= Math.Max(1, candidate.Name.Length / 3))
            .OrderBy(candidate => candidate.Distance)
            .FirstOrDefault().Name;

    // Levenshtein distance.
    static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, 1 + Math.Min(row[j], row[j - 1]));
            }
        }
        return row[^1];
    }

    [GeneratedRegex(@"^[a-z0-9]+(-[a-z0-9]+)*\z")]
    private static partial Regex Id();
    [GeneratedRegex(@"^[a-z][a-z0-9_]*\z")]
    private static partial Regex Word();
    [GeneratedRegex(@"^(con|prn|aux|nul|com[0-9]|lpt[0-9])\z")]
    private static partial Regex Device();
}

/// <summary>Text from a file as it may be shown in a message: on one line, bounded, every odd character visible.</summary>
internal static class Quoted
{
    const int MaxLength = 60;

    public static string Of(string text)
    {
        var shown = new StringBuilder("'");
        foreach (var rune in text.EnumerateRunes().Take(MaxLength))
        {
            if (rune == Rune.ReplacementChar || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse
                or UnicodeCategory.OtherNotAssigned or UnicodeCategory.Surrogate)
                shown.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}");
            else
                shown.Append(rune);
        }
        return shown.Append(text.Length > MaxLength ? "…'" : "'").ToString();
    }
}

/// <summary>Every key and every fixed value of the format, but for those of the regime axes; workloads.schema.json lists the same.</summary>
internal static class Known
{
    public const int Schema = 1;

    /// <summary>An entry with this key answers queries.</summary>
    public const string InferenceMark = "load";

    /// <summary>An entry with this key is an experiment.</summary>
    public const string ExperimentMark = "experiment";

    public static readonly string[] Scenarios = ["single_stream", "multi_stream", "server", "offline", "training", "inference"];
    public static readonly string[] LoadScenarios = ["single_stream", "multi_stream", "server", "offline"];
    public static readonly string[] Tiers = ["quick", "standard", "long"];
    public static readonly string[] DataTiers = ["real", "part", "proxy", "embedded"];
    public static readonly string[] Divisions = ["closed", "open"];
    public static readonly string[] Optimizers = ["adamw", "adam", "sgd", "muon"];
    public static readonly string[] Schedules = ["constant", "cosine", "linear"];
    public static readonly string[] Precisions = [.. Enum.GetValues<Precision>().Select(precision => precision.Name())];
    public static readonly string[] KeptEpochs = ["last", "best"];

    public static class Keys
    {
        public static readonly string[] Root = ["schema", "thresholds", "suites"];
        public static readonly string[] Thresholds = [.. AxisFormat.All.Select(axis => axis.Name)];
        public static readonly string[] Entry =
        [
            "model", "params", "params_note", "scenario", "tier", "geometry", "recipe", "closed", "data", "budget", "max_model_kb",
            "shared_checkpoint", "regime", "provenance", "note", "errata",
        ];
        public static readonly string[] Inference =
        [
            "model", "params", "params_note", "scenario", "tier", "geometry", "precision", "shared_checkpoint", InferenceMark, "checks", "budget",
            "regime", "provenance", "note", "errata",
        ];
        public static readonly string[] Experiment =
            [ExperimentMark, "tier", "geometry", "precision", "checks", "budget", "provenance", "note", "errata"];
        public static readonly string[] Recipe =
        [
            "division", "precision", "optimizer", "learning_rate", "matrix_learning_rate", "weight_decay", "betas", "epsilon", "momentum", "schedule",
            "final_learning_rate_fraction", "warmup_steps", "clip_norm", "dropout", "discount", "sinusoidal_positions", "shallow_layers", "shallow_share", "batch", "epochs", "batches_per_epoch",
            "eval_every", "select_every", "kept_epoch",
        ];
        public static readonly string[] Closed = ["recipe", "reference"];
        public static readonly string[] DataChoice = ["dataset", "tier", "quality_target", "also", "recipe", "reference", "note"];
        public static readonly string[] QualityTarget = ["metric", "at_least", "at_most"];
        public static readonly string[] Reference = ["seeds", "values", "seconds", "samples"];
        public static readonly string[] Load =
            [
                "queries", "seconds", "samples", "samples_per_query", "percentile", "target_rate", "latency_bound_seconds", "first_token_bound_seconds",
                "per_token_bound_seconds", "equal_issue",
            ];
        public static readonly string[] Budget = ["seconds", "memory_mb"];
        public static readonly string[] Regime = [.. Thresholds, "evidence_sidecar", "evidence_sha256", "measured_at"];
        public static readonly string[] Erratum = ["field", "seed_value", "found", "ours"];
    }
}

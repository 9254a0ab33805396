namespace MlPerfEdu.Catalog;

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
    public static readonly string[] Optimizers = ["adamw", "adam", "sgd"];
    public static readonly string[] Schedules = ["constant", "cosine", "linear"];
    public static readonly string[] KeptEpochs = ["last", "best"];

    public static class Keys
    {
        public static readonly string[] Root = ["schema", "thresholds", "suites"];
        public static readonly string[] Thresholds = [.. AxisFormat.All.Select(axis => axis.Name)];
        public static readonly string[] Entry =
        [
            "model", "params", "params_note", "scenario", "tier", "geometry", "recipe", "closed", "data", "budget", "max_model_kb",
            "regime", "provenance", "note", "errata",
        ];
        public static readonly string[] Inference =
        [
            "model", "params", "params_note", "scenario", "tier", "geometry", "shared_checkpoint", InferenceMark, "checks", "budget",
            "regime", "provenance", "note", "errata",
        ];
        public static readonly string[] Experiment =
            [ExperimentMark, "tier", "geometry", "checks", "budget", "provenance", "note", "errata"];
        public static readonly string[] Recipe =
        [
            "division", "optimizer", "learning_rate", "weight_decay", "betas", "epsilon", "momentum", "schedule",
            "final_learning_rate_fraction", "warmup_steps", "clip_norm", "dropout", "discount", "batch", "epochs", "batches_per_epoch",
            "eval_every", "select_every", "kept_epoch",
        ];
        public static readonly string[] Closed = ["recipe", "reference"];
        public static readonly string[] DataChoice = ["dataset", "tier", "quality_target", "also", "recipe", "reference", "note"];
        public static readonly string[] QualityTarget = ["metric", "at_least", "at_most"];
        public static readonly string[] Reference = ["seeds", "values", "seconds"];
        public static readonly string[] Load =
            ["queries", "seconds", "samples", "samples_per_query", "percentile", "target_rate", "latency_bound_seconds"];
        public static readonly string[] Budget = ["seconds", "memory_mb"];
        public static readonly string[] Regime = [.. Thresholds, "evidence_sidecar", "evidence_sha256", "measured_at"];
        public static readonly string[] Erratum = ["field", "seed_value", "found", "ours"];
    }
}

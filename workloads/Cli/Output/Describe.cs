using MlPerfEdu.Generator;
using MlPerfEdu.Roofline.Evidence;

namespace MlPerfEdu.Workloads.Cli.Output;

/// <summary>Short wordings that several commands share.</summary>
static class Describe
{
    public const string None = "-";

    public static string Target(QualityTarget target) => $"{target.Metric} {Sign(target.Direction == Direction.AtLeast)} {target.Value:0.####}";

    public static string Target(QualityCheck check) => $"{check.Metric} {Sign(check.Bound == QualityBound.AtLeast)} {check.Limit:0.####}";

    public static string Targets(DataChoice choice) => string.Join(", ", choice.Also.Prepend(choice.QualityTarget).Select(Target));

    public static string Checks(InferenceEntry entry) => string.Join(", ", entry.Checks.Select(Target));

    public static string Regime(RegimeBlock? block) => block is null
        ? None
        : string.Join(" / ", block.WorkingSet.Value, block.ArithmeticIntensity.Value, block.Dispatch.Value);

    public static string Regime(EvidenceRecord record) => string.Join(" / ", record.Regimes.All.Select(verdict => Roofline.Classify.RegimeNames.Name(verdict.Value)));

    static string Sign(bool atLeast) => atLeast ? "≥" : "≤";
}

using MlPerfEdu.Roofline;

namespace MlPerfEdu.Engine.Trust;

/// <summary>Derives the fields of an experiment again that follow from its entry and its points.</summary>
static class ExperimentDerivation
{
    public static IEnumerable<EvidenceFinding> Findings(string path, ExperimentRecord record, ExperimentEntry entry, IReadOnlyDictionary<string, double> metrics)
    {
        const string fromEntry = "from its entry in workloads.yaml";
        var settings = EntrySettings.Sizes(entry);
        if (entry.Precision != Precision.Fp32) settings["precision"] = entry.Precision.Name();
        foreach (var (name, used) in record.Settings.Where(pair => pair.Key is "precision.used" or "precision.why"))
            settings[name] = used;
        return
        [
            .. Same("experiment.suite", record.Experiment.Suite, entry.Suite, fromEntry),
            .. Same<IReadOnlyDictionary<string, string>>("settings", record.Settings, settings, fromEntry),
            .. Same("metrics", record.Metrics, metrics, "from its points"),
            .. Same("checks", record.Checks, [.. entry.Checks.Select(check => QualityCheck.Of(check, metrics.GetValueOrDefault(check.Metric)))], fromEntry),
            // Runs from before budgets were asserted have neither.
            .. record is { Budget: null, PeakMemoryFrom: null } ? [] : Same("budget", record.Budget, entry.Budget, fromEntry),
        ];

        IEnumerable<EvidenceFinding> Same<T>(string field, T stated, T derived, string source) =>
            FieldDifference.Between(field, stated, derived).Select(difference => FieldFindings.Derived(path, difference, source));
    }
}

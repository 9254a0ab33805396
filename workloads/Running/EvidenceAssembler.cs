using System.Globalization;
using MlPerfEdu.Data;
using MlPerfEdu.Generator;
using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Roofline.Measure;
using MlPerfEdu.Workloads.Training;
using Bound = MlPerfEdu.Roofline.Evidence.QualityBound;

namespace MlPerfEdu.Workloads.Running;

/// <summary>Says a run in evidence's words.</summary>
static class EvidenceAssembler
{
    public static QualityRecord Quality(WorkloadEntry entry, DataChoice choice, TrainingSession session)
    {
        var metrics = session.Final.Metrics.Concat(session.Final.PerClass).ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);
        return new QualityRecord(Check(choice.QualityTarget), [.. choice.Also.Select(Check)], session.Curve, metrics);

        QualityCheck Check(QualityTarget target) =>
            new(target.Metric, target.Direction == Direction.AtLeast ? Bound.AtLeast : Bound.AtMost, target.Value, TrainingSession.Value(entry, session.Final, target.Metric));
    }

    public static IReadOnlyList<ValidityLine> Validity(WorkloadEntry entry, DataChoice choice, Provenance data, QualityRecord quality, StepMeasurement measurement, IEnumerable<Invariant> invariants)
    {
        var lines = new List<ValidityLine>(QualityValidity.Lines(quality));
        lines.AddRange(invariants.Select(invariant => new ValidityLine(invariant.Name, invariant.Holds, invariant.Found)));
        // A proxy or a part must never pass for the real thing.
        var tier = Tier(data.Tier);
        lines.Add(new ValidityLine("data tier as declared", tier == choice.Tier, $"{data.DataSet} is {tier}, workloads.yaml says {choice.Tier}"));
        if (measurement.RecordedCalls is not null)
            lines.Add(new ValidityLine("libtorch ran what the layers count", measurement.Recording == StepMeasurement.RecordingAgrees, measurement.Recording));
        if (entry.MaxModelKb is { } limit)
        {
            var kilobytes = entry.Params / 1024.0;
            lines.Add(new ValidityLine("model fits at one byte per parameter", kilobytes <= limit, Invariant($"{kilobytes:0.0} KB, at most {limit} KB")));
        }
        return lines;
    }

    public static DataUse DataUse(Provenance data) =>
        new(data.DataSet, Tier(data.Tier), data.Files.ToDictionary(file => file.Name, file => file.Sha256, StringComparer.Ordinal));

    public static IReadOnlyDictionary<string, string> Settings(WorkloadEntry entry, Recipe recipe)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, values) in entry.Geometry.Values)
            settings[$"geometry.{name}"] = string.Join(", ", values.Select(value => value.ToString(CultureInfo.InvariantCulture)));
        foreach (var property in typeof(Recipe).GetProperties())
        {
            if (property.GetIndexParameters().Length == 0 && property.GetValue(recipe) is { } value)
                settings[$"recipe.{property.Name}"] = value is Betas betas
                    ? Invariant($"{betas.First}, {betas.Second}")
                    : Convert.ToString(value, CultureInfo.InvariantCulture)!;
        }
        return settings;
    }

    static string Tier(DataTier tier) => tier.ToString().ToLowerInvariant();

    static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}

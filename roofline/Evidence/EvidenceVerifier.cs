using System.Text.Json;
using MlPerfEdu.Roofline.Classify;
using MlPerfEdu.Roofline.Detect;
using MlPerfEdu.Roofline.Load;
using MlPerfEdu.Roofline.Peaks;

namespace MlPerfEdu.Roofline.Evidence;

/// <summary>Recomputes everything a sidecar claims from the raw samples and counts in it. No finding means it holds.</summary>
public static class EvidenceVerifier
{
    /// <param name="path">A sidecar of a workload, or of a machine's peaks.</param>
    /// <param name="expectedSha256">The one that workloads.yaml states, when it states one.</param>
    public static IReadOnlyList<EvidenceFinding> Verify(string path, string? expectedSha256 = null) => PeakEvidence.IsNamed(path)
        ? CheckPeaks(path, expectedSha256).Findings
        : Check(path, expectedSha256).Findings;

    public static (EvidenceRecord? Record, IReadOnlyList<EvidenceFinding> Findings) Check(string path, string? expectedSha256 = null)
    {
        var (record, text, findings) = Read<EvidenceRecord>(path, EvidenceRecord.CurrentSchema);
        if (record is null)
            return (null, findings);
        findings.AddRange(Identity(path, record, text, EvidenceRecord.OldestSchema, EvidenceRecord.CurrentSchema, expectedSha256));
        findings.AddRange(PeaksIdentity(path, record.Machine, record.Peaks));
        findings.AddRange(Derivation(path, record));
        findings.AddRange(PrecisionOfProducts(path, record));
        findings.AddRange(LabPrediction.Findings(path, record));
        if (record.Serving is { } serving)
            findings.AddRange(Serving(path, record, serving));
        return (record, findings);
    }

    internal static (PeakEvidence? Evidence, IReadOnlyList<EvidenceFinding> Findings) CheckPeaks(string path, string? expectedSha256 = null)
    {
        var (evidence, text, findings) = Read<PeakEvidence>(path, PeakEvidence.CurrentSchema);
        if (evidence is null)
            return (null, findings);
        findings.AddRange(Identity(path, evidence, text, PeakEvidence.CurrentSchema, PeakEvidence.CurrentSchema, expectedSha256));
        findings.AddRange(PeaksIdentity(path, evidence.Machine, evidence.Peaks));
        // The rules of another schema are not known here.
        if (evidence.Peaks.Schema == MachinePeaks.CurrentSchema
            && GemmShare.Of(evidence.Peaks) is var derived && !evidence.GemmShares.SequenceEqual(derived))
        {
            findings.Add(EvidenceFindings.GemmShares(path, string.Join("; ", evidence.GemmShares), string.Join("; ", derived)));
        }

        return (evidence, findings);
    }

    /// <summary>The document with its canonical text, absent when the file holds none, and what is wrong with its text.</summary>
    internal static (T? Record, byte[] Canonical, List<EvidenceFinding> Findings) Read<T>(string path, int schema)
        where T : class
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return (null, [], [EvidenceFindings.Unreadable(path, error.Message)]);
        }

        try
        {
            var record = CanonicalJson.Deserialize<T>(bytes);
            var canonical = CanonicalJson.Serialize(record);
            return (record, canonical, bytes.AsSpan().SequenceEqual(canonical)
                ? []
                : [.. EvidenceFindings.NotCanonical(path, bytes.AsSpan().CommonPrefixLength(canonical), FieldDifference.Between("", bytes, canonical))]);
        }
        catch (Exception error) when (error is JsonException or ArgumentException or InvalidOperationException)
        {
            return (null, [], [EvidenceFindings.NotEvidence(path, schema, error.Message)]);
        }
    }

    /// <summary>Is it the document that it claims to be, of the machine that it claims to be?</summary>
    internal static IEnumerable<EvidenceFinding> Identity<T>(string path, T sidecar, byte[] canonical, int oldestSchema, int currentSchema, string? expectedSha256)
        where T : ISidecar, ISealed<T>
    {
        if (sidecar.Schema < oldestSchema || sidecar.Schema > currentSchema)
            yield return EvidenceFindings.Schema(path, sidecar.Schema, currentSchema);

        var content = ContentHash.OfText(canonical, sidecar.ContentSha256) ?? ContentHash.Of(sidecar);
        if (sidecar.ContentSha256 != content)
            yield return EvidenceFindings.ContentHash(path, sidecar.ContentSha256, content);
        if (expectedSha256 is not null && expectedSha256 != content)
            yield return EvidenceFindings.Pinned(path, expectedSha256, content);
        var name = EvidenceFile.Name(sidecar.WithHash(content));
        if (Path.GetFileName(path) != name)
            yield return EvidenceFindings.Name(path, name);

        var (stated, derived) = (sidecar.Machine, MachineRecord.Of(sidecar.Machine.Facts));
        if (!MachineClass.Fits(stated.Class, stated.Facts))
            yield return EvidenceFindings.Machine(path, "machine.class", "machine class", stated.Class, derived.Class);
        if (stated.Fingerprint != derived.Fingerprint)
            yield return EvidenceFindings.Machine(path, "machine.fingerprint", "fingerprint", stated.Fingerprint, derived.Fingerprint);
    }

    static IEnumerable<EvidenceFinding> PeaksIdentity(string path, MachineRecord machine, MachinePeaks peaks)
    {
        var fingerprint = Fingerprint.Of(machine.Facts);
        if (peaks.Fingerprint != fingerprint)
            yield return EvidenceFindings.Machine(path, "peaks.fingerprint", "fingerprint of its peaks", peaks.Fingerprint, fingerprint);
        var content = ContentHash.Of(peaks);
        if (peaks.ContentSha256 != content)
            yield return EvidenceFindings.PeaksHash(path, peaks.ContentSha256, content);
    }

    /// <summary>Do the verdicts follow from the samples and counts?</summary>
    static IEnumerable<EvidenceFinding> Derivation(string path, EvidenceRecord record)
    {
        var derived = RegimeDerivation.Derive(record.Count, record.Measurement, record.Peaks, record.Thresholds);
        foreach (var verdict in derived.All)
        {
            var stated = record.Regimes.All[(int)verdict.Axis];
            if (stated != verdict)
                yield return EvidenceFindings.Regime(path, verdict.Axis.Name(), Text(stated), Text(verdict));
        }

        if (RooflinePoint.From(record.Count, record.Measurement, record.Peaks, derived.WorkingSet.Value) is { } point)
        {
            foreach (var problem in RoofCheck.Problems(point, record.Peaks))
                yield return EvidenceFindings.Roof(path, problem);
        }

        foreach (var line in QualityValidity.Lines(record.Quality).Concat(BudgetValidity.Lines(record.Cost)).Where(line => !record.Validity.Contains(line)))
            yield return EvidenceFindings.Validity(path, $"validity[{line.Constraint}]", Stated(record, line));

        static string Text(RegimeVerdict verdict) => $"{verdict.Value.Name()}, {verdict.Rule} ({verdict.Because})";
    }

    /// <summary>
    /// Could products have the precision that is stated? What asked for fp32 states nothing; what asked for bf16 states what it got, which is
    /// bf16 only on a processor that has it, and then its products are counted as such.
    /// </summary>
    static IEnumerable<EvidenceFinding> PrecisionOfProducts(string path, EvidenceRecord record)
    {
        string? asked = Setting("recipe.Precision") ?? Setting("precision"), used = Setting("precision.used");
        var bf16 = Precision.Bf16.Name();
        if ((asked == bf16) != (used is not null) || used is not null != Setting("precision.why") is not null)
            yield return EvidenceFindings.Precision(path, $"{asked ?? "nothing"} asked for, {used ?? "nothing"} used", "what was used, and why, exactly where bf16 was asked for");
        if (used == bf16 && !record.Machine.Facts.Isa.Intersect(InstructionSets.OfBf16).Any())
            yield return EvidenceFindings.Precision(path, $"{bf16} used", $"a processor with none of {string.Join(", ", InstructionSets.OfBf16)}");
        if (used != bf16 && record.Count.Bf16Flops > 0)
            yield return EvidenceFindings.Precision(path, $"{used ?? Precision.Fp32.Name()} used", $"{record.Count.Bf16Flops} FLOP of {bf16}");

        string? Setting(string name) => record.Settings.GetValueOrDefault(name);
    }

    /// <summary>Do the figures and validity of a run under load follow from the times of its answers?</summary>
    static IEnumerable<EvidenceFinding> Serving(string path, EvidenceRecord record, ServingRecord serving)
    {
        if (!serving.IsWhole)
        {
            yield return EvidenceFindings.Figure(path, "serving.answers", "answers with times and a percentile between 0 and 1", "none");
            yield break;
        }

        foreach (var (name, value) in LoadFigures.Of(serving.Load, serving.Answers))
        {
            if (Metric(name) != value)
                yield return EvidenceFindings.Figure(path, $"quality.metrics.{name}", $"{name} {Metric(name)}", $"{name} {value}");
        }

        foreach (var line in LoadValidity.Lines(serving.Load, serving.Answers).Except(record.Validity))
            yield return EvidenceFindings.Figure(path, $"validity[{line.Constraint}]", Stated(record, line), line.ToString());
        foreach (var check in record.Quality.Checks.Where(check => Metric(check.Metric) != check.Value))
            yield return EvidenceFindings.Validity(path, $"quality.metrics.{check.Metric}", check.ToString());

        double Metric(string name) => record.Quality.Metrics.GetValueOrDefault(name, double.NaN);
    }

    static string Stated(EvidenceRecord record, ValidityLine line) =>
        record.Validity.FirstOrDefault(stated => stated.Constraint == line.Constraint)?.ToString() ?? $"nothing about {line.Constraint}";
}

/// <summary>Checks the sidecar of an experiment: its text, its hashes, and that its metrics follow from its points.</summary>
public static class ExperimentVerifier
{
    /// <param name="derive">The metrics of a record's points; null when its entry in workloads.yaml has changed since.</param>
    public static (ExperimentRecord? Record, IReadOnlyList<EvidenceFinding> Findings) Check(
        string path, Func<ExperimentRecord, IReadOnlyDictionary<string, double>?> derive)
    {
        var (record, text, findings) = EvidenceVerifier.Read<ExperimentRecord>(path, ExperimentRecord.CurrentSchema);
        if (record is not null)
            findings.AddRange(EvidenceVerifier.Identity(path, record, text, ExperimentRecord.CurrentSchema, ExperimentRecord.CurrentSchema, null));
        // Nothing has to follow from points that were damaged.
        if (record is not null && !findings.Any(finding => finding.BreaksSeal))
            findings.AddRange(Derivation(path, record, derive(record)));
        return (record, findings);
    }

    /// <summary>Whether a file holds an experiment, by the first of its members that says so.</summary>
    public static bool IsExperiment(string path)
    {
        try
        {
            var reader = new Utf8JsonReader(File.ReadAllBytes(path));
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName)
                    continue;
                if (reader.ValueTextEquals("experiment") || reader.ValueTextEquals("workload"))
                    return reader.ValueTextEquals("experiment");
                reader.Skip();
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            // Whoever reads it as evidence says what is wrong.
        }

        return false;
    }

    static IEnumerable<EvidenceFinding> Derivation(string path, ExperimentRecord record, IReadOnlyDictionary<string, double>? derived)
    {
        foreach (var check in record.Checks.Where(check => Metric(check.Metric) != check.Value))
            yield return EvidenceFindings.Validity(path, $"checks[{check.Metric}].value", check.ToString());
        foreach (var (metric, value) in (derived ?? new Dictionary<string, double>()).Where(pair => Metric(pair.Key) != pair.Value))
            yield return EvidenceFindings.Metric(path, metric, Metric(metric), value);

        double Metric(string name) => record.Metrics.GetValueOrDefault(name, double.NaN);
    }
}

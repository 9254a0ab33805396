namespace MlPerfEdu.Engine.Trust;

/// <summary>Checks sidecars up to the level "consistent": their text and hashes, and whatever follows from the catalogs and their own raw facts.</summary>
public sealed class TrustCheck(WorkloadCatalog catalog, TimeProvider? clock = null)
{
    readonly TimeProvider clock = clock ?? TimeProvider.System;

    /// <summary>The document, absent when the file holds none that can be read or a machine's peaks, and what is to be thought of it.</summary>
    /// <param name="expectedSha256">The one that workloads.yaml states, when it states one.</param>
    public (IRunRecord? Record, TrustVerdict Verdict) Of(string path, string? expectedSha256 = null)
    {
        if (PeakEvidence.IsNamed(path))
            return (null, TrustVerdict.Of(path, EvidenceVerifier.Verify(path, expectedSha256), Claims.OfPeaks, null));
        return ExperimentVerifier.IsExperiment(path) ? OfExperiment(path) : OfRun(path, expectedSha256);
    }

    (IRunRecord?, TrustVerdict) OfRun(string path, string? expectedSha256)
    {
        var (record, findings) = EvidenceVerifier.Check(path, expectedSha256);
        if (record is null || findings.Any(finding => finding.BreaksSeal))
            return (record, TrustVerdict.Of(path, findings, [], null));
        var limit = Limit(record);
        List<EvidenceFinding> all = [.. findings, .. RawFacts.Of(path, record, clock.GetUtcNow())];
        if (limit is null)
            all.AddRange(new RunDerivation(path, record, catalog).Findings());
        return (record, TrustVerdict.Of(path, all, limit is null ? Claims.Of(record) : Claims.WithoutEntry(record), limit));
    }

    (IRunRecord?, TrustVerdict) OfExperiment(string path)
    {
        EvidenceFinding? underivable = null;
        IReadOnlyDictionary<string, double>? metrics = null;
        var (record, findings) = ExperimentVerifier.Check(path, record =>
        {
            (metrics, underivable) = Metrics(path, record);
            return metrics;
        });
        if (record is null || findings.Any(finding => finding.BreaksSeal))
            return (record, TrustVerdict.Of(path, findings, [], null));
        var limit = Limit(record);
        List<EvidenceFinding> all = [.. findings, .. RawFacts.Of(path, record, clock.GetUtcNow())];
        if (underivable is not null)
            all.Add(underivable);
        if (limit is null)
            all.AddRange(ExperimentDerivation.Findings(path, record, (ExperimentEntry)catalog.Find(record.Experiment.Id)!, metrics ?? record.Metrics));
        return (record, TrustVerdict.Of(path, all, Claims.Of(record), limit));
    }

    (IReadOnlyDictionary<string, double>?, EvidenceFinding?) Metrics(string path, ExperimentRecord record)
    {
        const string Expected = "the points that this experiment measures";
        try
        {
            var metrics = Derive(record)?.Metrics;
            return metrics is null || metrics.Values.All(double.IsFinite)
                ? (metrics, null)
                : (null, FieldFindings.Impossible(path, "points", "points that give no number", Expected));
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException or KeyNotFoundException or IndexOutOfRangeException or ArithmeticException)
        {
            return (null, FieldFindings.Impossible(path, "points", error.Message, Expected));
        }
    }

    /// <summary>What follows from the points of an experiment; null when its entry is gone or has changed since.</summary>
    public Experiments.Findings? Derive(ExperimentRecord record) =>
        catalog.Find(record.Experiment.Id) is ExperimentEntry entry ? Running.ExperimentRunner.Derive(entry, record) : null;

    /// <summary>Of a record that was read without findings.</summary>
    public TrustLevel LevelOf(IRunRecord record) => Limit(record) is null ? TrustLevel.Consistent : TrustLevel.Sealed;

    // Nothing follows from an entry that is not there any more.
    string? Limit(IRunRecord record)
    {
        var (id, _, sha256) = record.Subject;
        var entry = catalog.Find(id);
        if (entry is null || entry is ExperimentEntry != record is ExperimentRecord)
            return $"workloads.yaml has no {(record is ExperimentRecord ? "experiment" : "workload")} '{id}'";
        return entry.Sha256 == sha256 ? null : $"the entry of {id} has changed since";
    }
}

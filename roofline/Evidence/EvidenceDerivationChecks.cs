using MlPerfEdu.Roofline.Classify;

namespace MlPerfEdu.Roofline.Evidence;

/// <summary>Do the verdicts follow from the samples and counts?</summary>
static class EvidenceDerivationChecks
{
    public static IEnumerable<EvidenceFinding> Run(string path, EvidenceRecord record)
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

        foreach (var line in QualityValidity.Contradictions(record))
            yield return EvidenceFindings.Validity(path, line);
        foreach (var finding in ServingChecks.Run(path, record))
            yield return finding;
    }

    static string Text(RegimeVerdict verdict) => $"{verdict.Value.Name()}, {verdict.Rule} ({verdict.Because})";
}

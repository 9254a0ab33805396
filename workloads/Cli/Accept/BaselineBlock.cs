using MlPerfEdu.Generator;
using MlPerfEdu.Roofline.Classify;
using MlPerfEdu.Roofline.Evidence;

namespace MlPerfEdu.Workloads.Cli.Accept;

/// <summary>What workloads.yaml says of a sidecar that is a baseline.</summary>
static class BaselineBlock
{
    public static string PathOf(EvidenceRecord evidence) => $"roofline/evidence/{evidence.Machine.Class}/{EvidenceFile.Name(evidence)}";

    public static RegimeBlock Of(EvidenceRecord evidence) => new(
        Axis(evidence.Regimes.WorkingSet, evidence.Count.UniqueBytes),
        Axis(evidence.Regimes.ArithmeticIntensity, Rounded(evidence.Count.FlopsPerByte)),
        Axis(evidence.Regimes.Dispatch, Rounded(evidence.Regimes.Dispatch.Measured?.Middle ?? 0)),
        PathOf(evidence),
        evidence.ContentSha256,
        evidence.MeasuredAt);

    static MlPerfEdu.Generator.RegimeAxis Axis(RegimeVerdict verdict, double number) => new(verdict.Value.Name(), number);

    // The sidecar has every digit.
    static double Rounded(double value) => Math.Round(value, 4);
}

using MlPerfEdu.Roofline.Evidence;

namespace MlPerfEdu.Workloads.Cli.Verify;

/// <param name="Fails">False for a remark that leaves everything valid.</param>
sealed record VerifyFinding(string Code, string Message, bool Fails)
{
    public static VerifyFinding Of(EvidenceFinding finding) => new(finding.Code, finding.Message, Fails: true);
}

using MlPerfEdu.Roofline.Evidence;
using static System.FormattableString;

namespace MlPerfEdu.Roofline.Compare;

/// <summary>What became of the step time, in words.</summary>
static class StepTimeText
{
    public static Change Of(EvidenceRecord before, EvidenceRecord after) => Of(
        "step time", $"{StepTimeComparison.Typical(before)} → {StepTimeComparison.Typical(after)}", StepTimeComparison.Of(before, after));

    /// <param name="both">The two times, for people.</param>
    public static Change Of(string subject, string both, StepTimeComparison compared)
    {
        var range = compared.Ratio is { } ratio ? Invariant($" ({ratio.Low:0.00} to {ratio.High:0.00})") : "";
        var because = compared.Because.TrimStart(';', ' ');
        var remark = because.Length > 0 ? $"; {because}" : "";
        return compared.Verdict switch
        {
            StepTimeVerdict.Slower => Say(ChangeKind.Worse, Invariant($"slower by {compared.Factor:0.00}x{range}{remark}")),
            StepTimeVerdict.Faster => Say(ChangeKind.Better, Invariant($"faster: {compared.Factor:0.00}x of the time{range}{remark}")),
            StepTimeVerdict.NoChange => Say(ChangeKind.Same, $"no change beyond noise{range}{remark}"),
            _ => Say(ChangeKind.Unclear,
                $"too noisy to say{range}, because {(because.Length > 0 ? because : "the rounds of a run lie too far apart")}"),
        };

        Change Say(ChangeKind kind, string verdict) => new(subject, kind, $"{both}: {verdict}");
    }
}

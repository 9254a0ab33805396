using MlPerfEdu.Roofline.Evidence;

namespace MlPerfEdu.Roofline.Compare;

/// <summary>Two runs with everything in common have the same losses, or answers, to the last bit.</summary>
static class TrajectoryChange
{
    public static Change Of(EvidenceRecord before, EvidenceRecord after, Circumstances circumstances)
    {
        var subject = after.Serving is null ? "losses" : "answers";
        if (before.TrajectorySha256 == after.TrajectorySha256)
            return new(subject, ChangeKind.Same, "bit for bit the same");
        if (circumstances.LossesMayDifferBecause is { } why)
            return new(subject, ChangeKind.Different, $"not the same, as is to be expected with {why}");
        return new(subject, ChangeKind.Worse,
            "not the same, although machine, libraries, data, settings and seed are: what is computed changed, "
            + "or it is no longer deterministic. "
            + "Run it twice to tell the two apart; if the change is meant, say so in the pull request.");
    }
}

using MlPerfEdu.Roofline.Classify;
using MlPerfEdu.Roofline.Evidence;

namespace MlPerfEdu.Roofline.Compare;

/// <summary>The three verdicts, by the same rule as the regime tests: noise is never a change.</summary>
static class RegimeChanges
{
    public static IEnumerable<Change> Of(EvidenceRecord before, EvidenceRecord after, Circumstances circumstances)
    {
        if (circumstances.RegimesDifferBecause is { } why)
        {
            return after.Regimes.All.Select(now => new Change(
                now.Axis.Name(), ChangeKind.Unclear, $"{before.Regimes[now.Axis].Value.Name()} → {now.Value.Name()}; not compared: {why}"));
        }

        return after.Regimes.All.Select(now => Of(before.Regimes[now.Axis].Value, now, RegimeBaseline.Compare(before, after, now.Axis)));
    }

    static Change Of(RegimeValue before, RegimeVerdict now, RegimeComparison comparison)
    {
        var subject = now.Axis.Name();
        var both = $"{before.Name()} → {now.Value.Name()}";
        return comparison.Outcome switch
        {
            RegimeOutcome.Kept => new(subject, ChangeKind.Same, now.Value.Name()),
            RegimeOutcome.Changed =>
                new(subject, Kind(now.Value), $"{both}: {now.Rule}; {now.Because}. Find what changed, or accept it as the new baseline."),
            _ => new(subject, ChangeKind.Unclear, comparison.Message),
        };
    }

    // A regime is a claim that workloads.yaml makes: who reviews has to look at one that no longer holds.
    // Only a machine that is used better needs no explanation.
    static ChangeKind Kind(RegimeValue now) => now == RegimeValue.DeviceSaturated ? ChangeKind.Better : ChangeKind.Worse;
}

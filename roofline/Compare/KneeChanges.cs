using MlPerfEdu.Roofline.Classify;
using MlPerfEdu.Roofline.Report;

namespace MlPerfEdu.Roofline.Compare;

/// <summary>A knee is known up to a range; only ranges that have nothing in common are two knees.</summary>
static class KneeChanges
{
    public static IEnumerable<Change> Of(IReadOnlyList<KneeFinding> before, IReadOnlyList<KneeFinding> after)
    {
        var (gone, added) = (Without(before, after), Without(after, before));
        foreach (var knee in before.Except(gone))
        {
            var met = after.First(other => Meets(other, knee));
            yield return new(knee.Name, ChangeKind.Same, $"{Said(knee)} → {Said(met)}: no change beyond noise");
        }

        foreach (var was in gone)
        {
            var now = added.FirstOrDefault(knee => knee.Name == was.Name);
            if (now is not null)
                added.Remove(now);
            yield return now is null ? Alone(was, "before") : Moved(was, now);
        }

        foreach (var now in added)
            yield return Alone(now, "after");
    }

    static Change Moved(KneeFinding was, KneeFinding now)
    {
        var both = $"{Said(was)} → {Said(now)}";
        if (!was.Steady || !now.Steady)
            return new(was.Name, ChangeKind.Unclear, $"{both}: not every part of the repeats has it; measure both again");
        var ratio = Middle(now.Range) / Middle(was.Range);
        var (kind, ends) = ratio < 1 ? (ChangeKind.Worse, "ends earlier") : (ChangeKind.Better, "ends later");
        return new(was.Name, kind, $"{both}: {ends}, at {Units.Ratio(ratio)} of the size, and the ranges have nothing in common");
    }

    static Change Alone(KneeFinding knee, string side) => knee.Steady
        ? new(knee.Name, ChangeKind.Unclear, $"only {side}, at {Said(knee)}, in every part of the repeats: look at both with `plot`")
        : new(knee.Name, ChangeKind.Same, $"only {side}, at {Said(knee)}, and not in every part of the repeats: no change beyond noise");

    static List<KneeFinding> Without(IReadOnlyList<KneeFinding> knees, IReadOnlyList<KneeFinding> others) =>
        [.. knees.Where(knee => !others.Any(other => Meets(other, knee)))];

    static bool Meets(KneeFinding one, KneeFinding other) => one.Range.Low <= other.Range.High && other.Range.Low <= one.Range.High;

    static double Middle(Interval range) => Math.Sqrt(range.Low * range.High);

    static string Said(KneeFinding knee) => $"{Units.Binary(knee.Range.Low)} to {Units.Binary(knee.Range.High)}";
}

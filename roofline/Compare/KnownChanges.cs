namespace MlPerfEdu.Roofline.Compare;

/// <summary>What is known holds or flips. An error is one number without a spread: another one is said, and only its verdict counts.</summary>
static class KnownChanges
{
    public static IEnumerable<Change> Of(IReadOnlyList<KnownFinding> before, IReadOnlyList<KnownFinding> after)
    {
        var now = after.ToDictionary(known => known.Name);
        foreach (var was in before)
            yield return now.Remove(was.Name, out var found) ? Of(was, found) : new(was.Name, ChangeKind.Different, "only before");
        foreach (var added in now.Values)
            yield return new(added.Name, added.AsExpected ? ChangeKind.Different : ChangeKind.Worse, $"only after: {added.Found}");
    }

    static Change Of(KnownFinding was, KnownFinding now)
    {
        var both = $"{was.Found} → {now.Found}";
        return (was.AsExpected, now.AsExpected) switch
        {
            (true, false) => new(now.Name, ChangeKind.Worse, $"{both}: flipped"),
            (false, true) => new(now.Name, ChangeKind.Better, $"{both}: as expected again"),
            _ when was.Error.Equals(now.Error) => new(now.Name, ChangeKind.Same, now.Found) { Group = "known results" },
            _ => new(now.Name, ChangeKind.Different, $"{both}: one number each, so no spread is known; the verdict is the same"),
        };
    }
}

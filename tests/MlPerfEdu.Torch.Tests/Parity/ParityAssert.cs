namespace MlPerfEdu.Torch.Tests.Parity;

public static class ParityAssert
{
    public static void NoDifference(FixtureCase fixture, IEnumerable<string> differences)
    {
        var all = differences.ToArray();
        Assert.True(all.Length == 0, $"{fixture}\n{string.Join('\n', all)}");
    }

    /// <summary>Every case of the fixture has its C# side, and nothing there is without a fixture.</summary>
    public static void SameNames(string group, IEnumerable<string> calls)
    {
        var written = FixtureFile.Group(group).Keys;
        Assert.True(written.ToHashSet().SetEquals(calls),
            $"{group}: only in the fixture: [{string.Join(", ", written.Except(calls))}]; only in C#: [{string.Join(", ", calls.Except(written))}]. "
            + "Add the missing side, or run Fixtures/make_fixtures.py.");
    }
}

using System.Collections.Concurrent;
using System.Text.Json;

namespace MlPerfEdu.Torch.Tests.Parity;

/// <summary>The cases of one group, as Fixtures/make_fixtures.py wrote them.</summary>
public static class FixtureFile
{
    private static readonly ConcurrentDictionary<string, IReadOnlyDictionary<string, FixtureCase>> Read = [];

    public static IReadOnlyDictionary<string, FixtureCase> Group(string name) => Read.GetOrAdd(name, ReadGroup);

    private static Dictionary<string, FixtureCase> ReadGroup(string name)
    {
        using var stream = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Fixtures", name + ".json"));
        var json = JsonDocument.Parse(stream).RootElement.Clone();
        return json.GetProperty("cases").EnumerateArray().Select(c => new FixtureCase(name, c)).ToDictionary(c => c.Name);
    }
}

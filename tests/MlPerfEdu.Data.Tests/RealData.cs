using Xunit.Abstractions;

namespace MlPerfEdu.Data.Tests;

/// <summary>The data sets that MLPERFEDU_DATA holds on this machine; without it a test says so and tries files of its own instead.</summary>
static class RealData
{
    public static DataResolution? Find(string id, ITestOutputHelper output)
    {
        using var none = new TempFolder();
        var environment = DataEnvironment.FromProcess() with { CacheFolder = none.Path };
        var found = DataStore.Open(environment).Resolve(id);
        if (found.Available) return found;
        output.WriteLine($"{id}: tried on files made here, because {found.Reason}");
        return null;
    }
}

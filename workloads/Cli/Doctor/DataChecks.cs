using MlPerfEdu.Data;
using MlPerfEdu.Roofline.Report;
using MlPerfEdu.Workloads.Cli.State;
using MlPerfEdu.Workloads.Running;

namespace MlPerfEdu.Workloads.Cli.Doctor;

/// <summary>The data folder, the cache, and every data set in them.</summary>
static class DataChecks
{
    const long SmallDisk = 2L << 30;

    public static IEnumerable<Checkup> Of(Func<string, string?> variable)
    {
        DataEnvironment environment;
        Checkup? failed = null;
        try
        {
            environment = DataEnvironment.From(variable);
        }
        catch (DataException problem)
        {
            failed = Checkup.Fail("data folder", problem.Message, "Correct MLPERFEDU_DATA, or unset it to use embedded data.");
            environment = DataEnvironment.From(name => name == "MLPERFEDU_DATA" ? null : variable(name));
        }

        yield return failed ?? Checkup.Ok("data folder", environment.DataFolder ?? "MLPERFEDU_DATA is not set; fetched or embedded data is used");
        yield return Writable(environment.CacheFolder);
        yield return Disk(environment.CacheFolder);
        yield return Checkup.Ok("downloads", environment.Offline ? "forbidden by MLPERFEDU_OFFLINE" : "allowed when `data fetch` asks for them");
        var data = new DataAtHand(DataStore.Open(environment));
        foreach (var entry in DataCatalog.BuiltIn.Entries.Where(entry => entry.Kind != DataSetKind.Embedded))
            yield return DataSet(data.Of(entry.Id));
    }

    static Checkup DataSet(DataStatus status) => status switch
    {
        { Damage: not null } => Checkup.Fail($"data set {status.Dataset}", status.Reason, $"Replace it: `mlperfedu data fetch {status.Dataset}`."),
        { AtHand: true } => Checkup.Ok($"data set {status.Dataset}", $"{status.Files.Count} files, every byte as pinned"),
        _ => Checkup.Ok($"data set {status.Dataset}", "not here; another or embedded data is used"),
    };

    static Checkup Writable(string folder)
    {
        try
        {
            FolderProbe.Write(folder);
            return Checkup.Ok("cache", folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Checkup.Fail("cache", $"{folder}: {error.Message}", "Make it writable, or point MLPERFEDU_CACHE elsewhere.");
        }
    }

    static Checkup Disk(string folder)
    {
        try
        {
            var free = FolderProbe.FreeBytes(folder);
            return free >= SmallDisk
                ? Checkup.Ok("free disk", Units.Si(free, "B"))
                : Checkup.Warn("free disk", Units.Si(free, "B"), $"Large data sets will not fit: free some, or point MLPERFEDU_CACHE to another disk.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return Checkup.Warn("free disk", $"not known ({error.Message})", "Make sure that there are some gigabytes before fetching data.");
        }
    }
}

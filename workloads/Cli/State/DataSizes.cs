using MlPerfEdu.Data;

namespace MlPerfEdu.Workloads.Cli.State;

static class DataSizes
{
    /// <summary>What the published files hold together; null where no size is pinned.</summary>
    public static long? Published(DataSetEntry entry)
    {
        var pinned = entry.Files.Where(file => file.Pins.Count > 0).ToList();
        return pinned.Count == 0 ? null : pinned.Sum(file => file.Pins[0].Bytes);
    }
}

using MlPerfEdu.Data;

namespace MlPerfEdu.Cli;

/// <summary>Whether a data set is on this machine. <paramref name="Damage"/> is the code of what is wrong with its bytes.</summary>
sealed record DataStatus(string Dataset, DataOrigin Origin, string Reason, string? Damage, IReadOnlyList<ResolvedFile> Files)
{
    public bool IsAvailable => Origin != DataOrigin.None;
}

/// <summary>Which data sets are on this machine; each is looked up once, however many workloads name it.</summary>
sealed class LocalData(DataStore store)
{
    readonly Dictionary<string, DataStatus> known = [];

    public DataStatus Of(string dataset) => known.TryGetValue(dataset, out var status) ? status : known[dataset] = LookUp(dataset);

    /// <summary>The choice that a run takes: the first whose data is available.</summary>
    public DataChoice? FirstAvailable(WorkloadEntry entry) => entry.Data.FirstOrDefault(choice => Of(choice.Dataset).IsAvailable);

    /// <summary>Bytes of all published files; null where no size is pinned.</summary>
    public static long? PublishedBytes(DataSetEntry entry)
    {
        var pinned = entry.Files.Where(file => file.Pins.Count > 0).ToList();
        return pinned.Count == 0 ? null : pinned.Sum(file => file.Pins[0].Bytes);
    }

    DataStatus LookUp(string dataset)
    {
        try
        {
            var found = store.Resolve(dataset);
            return new(dataset, found.Origin, found.Reason, null, found.Files);
        }
        catch (DataException damaged)
        {
            return new(dataset, DataOrigin.None, damaged.Message, damaged.Code, []);
        }
    }
}

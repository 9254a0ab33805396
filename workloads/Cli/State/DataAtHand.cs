using MlPerfEdu.Data;
using MlPerfEdu.Generator;

namespace MlPerfEdu.Workloads.Cli.State;

/// <summary>Whether a data set is here. <paramref name="Damage"/> is the code of what is wrong with its bytes.</summary>
sealed record DataStatus(string Dataset, DataOrigin Origin, string Reason, string? Damage, IReadOnlyList<ResolvedFile> Files)
{
    public bool AtHand => Origin != DataOrigin.None;
}

/// <summary>Which data sets are here; each is looked at once, however many workloads name it.</summary>
sealed class DataAtHand(DataStore store)
{
    readonly Dictionary<string, DataStatus> _known = [];

    public DataStatus Of(string dataset) =>
        _known.TryGetValue(dataset, out var status) ? status : _known[dataset] = Look(dataset);

    /// <summary>The choice that a run takes: the first whose data is here.</summary>
    public DataChoice? FirstAtHand(WorkloadEntry entry) => entry.Data.FirstOrDefault(choice => Of(choice.Dataset).AtHand);

    DataStatus Look(string dataset)
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

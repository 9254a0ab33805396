using MlPerfEdu.Data;
using MlPerfEdu.Generator;

namespace MlPerfEdu.Workloads.Running;

/// <summary>Which of an entry's data sets a run uses, and why not an earlier one.</summary>
public sealed record DataSelection(DataChoice Choice, IReadOnlyList<string> PassedOver)
{
    /// <param name="wanted">A data set id; the first one at hand when absent.</param>
    public static DataSelection For(WorkloadEntry entry, DataStore store, string? wanted)
    {
        var candidates = entry.Data.Where(choice => wanted is null || choice.Dataset == wanted).ToList();
        if (candidates.Count == 0)
            throw RunErrors.UnknownDataset(entry.Id, wanted!, entry.Data.Select(choice => choice.Dataset));

        var passedOver = new List<string>();
        foreach (var choice in candidates)
        {
            var resolution = store.Resolve(choice.Dataset);
            if (resolution.Available) return new DataSelection(choice, passedOver);
            passedOver.Add($"{choice.Dataset}: {resolution.Reason}");
        }
        throw RunErrors.NoData(entry.Id, passedOver);
    }
}

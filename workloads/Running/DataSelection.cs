using MlPerfEdu.Data;
using MlPerfEdu.Generator;

namespace MlPerfEdu.Workloads.Running;

/// <summary>Which of an entry's data sets a run uses, and why not an earlier one.</summary>
public sealed record DataSelection(DataChoice Choice, IReadOnlyList<string> PassedOver)
{
    /// <exception cref="RunException">The data set does not belong to the entry, none is at hand, or there is no closed recipe.</exception>
    public static DataSelection For(WorkloadEntry entry, DataStore store, RunOptions options)
    {
        var wanted = options.Dataset;
        var candidates = entry.Data.Where(choice => wanted is null || choice.Dataset == wanted).ToList();
        if (candidates.Count == 0)
            throw RunErrors.UnknownDataset(entry.Id, wanted!, entry.Data.Select(choice => choice.Dataset));

        var passedOver = new List<string>();
        foreach (var choice in candidates)
        {
            var resolution = store.Resolve(choice.Dataset);
            if (resolution.Available)
                return new DataSelection(options.Closed ? choice with { Recipe = ClosedRecipe(entry) } : choice, passedOver);
            passedOver.Add($"{choice.Dataset}: {resolution.Reason}");
        }
        throw RunErrors.NoData(entry.Id, passedOver);
    }

    static Recipe ClosedRecipe(WorkloadEntry entry) => entry switch
    {
        { Closed.Recipe: var closed } => closed,
        { Recipe.Division: "closed" } => entry.Recipe,
        _ => throw RunErrors.NoClosedRecipe(entry.Id),
    };
}

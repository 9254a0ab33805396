using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Roofline.Load;

namespace MlPerfEdu.Engine;

/// <summary>What a caller may choose about a run; everything else is in workloads.yaml.</summary>
public sealed record RunOptions
{
    public int Seed { get; init; } = 1;

    /// <summary>A data set id to use instead of the first that is at hand.</summary>
    public string? Dataset { get; init; }

    /// <summary>Train with the closed recipe instead of the entry's faster one.</summary>
    public bool Closed { get; init; }

    /// <summary>Train with AdamW where TorchSharp lacks the recipe's optimizer, so that a step can be compared with the same one by the book.</summary>
    public bool BookOptimizer { get; init; }

    /// <summary>End training at the first evaluation that meets the target.</summary>
    public bool UntilTarget { get; init; }

    /// <summary>End training after so many steps, whatever it has reached: a look at how it begins.</summary>
    public long? Steps { get; init; }

    /// <summary>Keep neither weights nor a picture: this run only repeats another one.</summary>
    public bool KeepNothing { get; init; }

    /// <summary>How queries arrive; the entry's own scenario when absent.</summary>
    public LoadScenario? Scenario { get; init; }

    /// <summary>Queries per second in the server scenario; the entry's own when absent.</summary>
    public double? TargetRate { get; init; }

    /// <summary>Leave out the timed part; the regime is then unmeasured.</summary>
    public bool SkipMeasuring { get; init; }

    /// <summary>What a student expects, kept in the evidence; the seed is then the one that follows from it.</summary>
    public LabPrediction? Prediction { get; init; }

    /// <summary>Where sidecars go.</summary>
    public required string EvidenceFolder { get; init; }

    /// <summary>Where logs of training go, in MLPerf's format; absent: nowhere.</summary>
    public string? LogFolder { get; init; }
}

/// <summary>Progress of a long run: the name of its phase, the share that is done (0 to 1), and a detail such as the current score and the target.</summary>
public interface IRunProgress
{
    void Report(string phase, double share, string detail);
}

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
            {
                var recipe = options.Closed ? ClosedRecipe(entry) : choice.Recipe;
                return new DataSelection(choice with { Recipe = options.BookOptimizer ? WithBookOptimizer(recipe) : recipe }, passedOver);
            }
            passedOver.Add($"{choice.Dataset}: {resolution.Reason}");
        }
        throw RunErrors.NoData(entry.Id, passedOver);
    }

    /// <summary>A recipe that both sides of a comparison can train by: TorchSharp has no Muon, and its users train all layers from the start.</summary>
    public static Recipe WithBookOptimizer(Recipe recipe) =>
        recipe with { Optimizer = recipe.Optimizer == "muon" ? "adamw" : recipe.Optimizer, ShallowLayers = null, ShallowShare = null };

    static Recipe ClosedRecipe(WorkloadEntry entry) => entry switch
    {
        { Closed.Recipe: var closed } => closed,
        { Recipe.Division: "closed" } => entry.Recipe,
        _ => throw RunErrors.NoClosedRecipe(entry.Id),
    };
}

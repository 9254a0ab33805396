using MlPerfEdu.Catalog;
using MlPerfEdu.Data;
using MlPerfEdu.Engine;
using MlPerfEdu.Engine.Running;
using MlPerfEdu.Engine.Training;

namespace MlPerfEdu.Workloads.Tests;

/// <summary>Workloads on what every machine has: generated data, or a simulation.</summary>
static class Embedded
{
    /// <param name="change">Makes another recipe of the entry's.</param>
    public static ITrainingWorkload Create(string id, Func<Recipe, Recipe>? change = null)
    {
        var entry = ThisClone.Entry(id);
        var choice = entry.Data[^1];
        if (change is not null) choice = choice with { Recipe = change(choice.Recipe) };
        return WorkloadFactory.Create(new WorkloadSetup(entry, choice, DataStore.Open()));
    }
}

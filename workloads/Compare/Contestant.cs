using MlPerfEdu.Data;
using MlPerfEdu.Generator;
using MlPerfEdu.Roofline;
using MlPerfEdu.Workloads.Running;

namespace MlPerfEdu.Workloads.Compare;

/// <summary>Both sides of a comparison before they start: our step, and the script of its twin.</summary>
sealed record Contestant(IRunningStep Step, Recipe Recipe, IDisposable Owner) : IDisposable
{
    /// <summary>The workload on the first data that is at hand.</summary>
    public static Contestant Of(WorkloadEntry entry)
    {
        var store = DataStore.Open();
        var choice = DataSelection.For(entry, store, wanted: null).Choice;
        var workload = WorkloadFactory.Create(new WorkloadSetup(entry, choice, store));
        return new(workload.Prepare(choice.Recipe.Batch), choice.Recipe, workload);
    }

    public void Dispose()
    {
        Step.Dispose();
        Owner.Dispose();
    }
}

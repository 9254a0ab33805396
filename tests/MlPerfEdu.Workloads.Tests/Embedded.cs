using MlPerfEdu.Data;
using MlPerfEdu.Workloads.Running;
using MlPerfEdu.Workloads.Training;

namespace MlPerfEdu.Workloads.Tests;

/// <summary>Workloads on their generated data, which every machine has.</summary>
static class Embedded
{
    public static ITrainingWorkload Create(string id)
    {
        var entry = SharedRuns.Entry(id);
        var choice = entry.Data.Single(candidate => candidate.Tier == "embedded");
        return WorkloadFactory.Create(new WorkloadSetup(entry, choice, DataStore.Open()));
    }
}

using MlPerfEdu.Data;
using MlPerfEdu.Engine;
using MlPerfEdu.Engine.Running;
using MlPerfEdu.Engine.Training;

namespace MlPerfEdu.Workloads.Tests;

/// <summary>Workloads on what every machine has: generated data, or a simulation.</summary>
static class Embedded
{
    public static ITrainingWorkload Create(string id)
    {
        var entry = ThisClone.Entry(id);
        var choice = entry.Data[^1];
        return WorkloadFactory.Create(new WorkloadSetup(entry, choice, DataStore.Open()));
    }
}

using MlPerfEdu.Workloads.Training;

namespace MlPerfEdu.Workloads.Running;

public static class WorkloadFactory
{
    /// <summary>Loads the data and prepares the workload.</summary>
    public static ITrainingWorkload Create(WorkloadSetup setup) => Implementations.Create<ITrainingWorkload>(setup.Entry.Id, setup);
}

using MlPerfEdu.Workloads.Inference;
using MlPerfEdu.Workloads.Training;

namespace MlPerfEdu.Workloads.Running;

public static class WorkloadFactory
{
    /// <summary>Loads the data and prepares the workload.</summary>
    public static ITrainingWorkload Create(WorkloadSetup setup) => Fitting.Check(setup.Entry, () => Implementations.Create<ITrainingWorkload>(setup.Entry.Id, setup));

    /// <summary>Loads data and weights, trains weights that are not at hand, and prepares the workload.</summary>
    public static IInferenceWorkload Create(InferenceSetup setup) => Fitting.Check(setup.Entry, () => Implementations.Create<IInferenceWorkload>(setup.Entry.Id, setup));
}

using MlPerfEdu.Data;
using MlPerfEdu.Roofline;

namespace MlPerfEdu.Workloads.Training;

/// <summary>A workload that is trained to a target, its data loaded.</summary>
public interface ITrainingWorkload : IStepSource, IDisposable
{
    Provenance Data { get; }

    /// <summary>Samples of the whole evaluation split.</summary>
    int EvaluationSamples { get; }

    /// <summary>Trainable parameters of the model as built.</summary>
    long Parameters { get; }

    /// <summary>A fresh model with weights, data order and noise from this seed.</summary>
    ITrainingRun Begin(int seed);

    IReadOnlyList<Invariant> CheckInvariants();
}

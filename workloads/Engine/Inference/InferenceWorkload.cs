using MlPerfEdu.Engine.Checkpoints;
using MlPerfEdu.Engine.LoadGen;
using MlPerfEdu.Engine.Training;
using MlPerfEdu.Roofline.Measure;

namespace MlPerfEdu.Engine.Inference;

/// <summary>A trained model that answers queries.</summary>
public interface IInferenceWorkload : IStepSource, IQuerySystem, IDisposable
{
    /// <summary>The data that its samples are taken from.</summary>
    Provenance Data { get; }

    /// <summary>Checks the answers before anything is timed; the entry's checks bound these metrics.</summary>
    IReadOnlyDictionary<string, double> Examine(IRunProgress progress, CancellationToken stop);

    /// <summary>A hash of all tokens answered so far: the same for every run with these weights, samples and thread count.</summary>
    string AnswersSha256 { get; }

    IReadOnlyList<Invariant> CheckInvariants();
}

/// <summary>What a model that answers is built from: its entry, the workload that trains it with its data, and weights.</summary>
/// <param name="Kept">The folder for weights that follow from these.</param>
public sealed record InferenceSetup(InferenceEntry Entry, WorkloadSetup Trainer, Checkpoint Weights, string Kept)
{
    public Geometry Geometry => Entry.Geometry;

    public PrecisionChoice Precision => PrecisionChoice.Of(Entry.Precision);
}

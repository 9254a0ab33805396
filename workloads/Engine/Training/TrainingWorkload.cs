using MlPerfEdu.Roofline.Measure;

namespace MlPerfEdu.Engine.Training;

/// <summary>A workload that is trained to a target, its data loaded.</summary>
public interface ITrainingWorkload : IStepSource, IDisposable
{
    Provenance Data { get; }

    /// <summary>Samples to learn from; where they are made as the training goes, as many as the recipe makes.</summary>
    int TrainingSamples { get; }

    /// <summary>Samples of the whole evaluation split.</summary>
    int EvaluationSamples { get; }

    /// <summary>Trainable parameters of the model as built.</summary>
    long Parameters { get; }

    /// <summary>A fresh model with weights, data order and noise from this seed.</summary>
    ITrainingRun Begin(int seed);

    IReadOnlyList<Invariant> CheckInvariants();

    /// <summary>
    /// What answers score on the evaluation split that learn nothing, or next to nothing. They are computed after the training, in none of its time;
    /// where a target compares with one of them, it is among <see cref="ITrainingRun.Evaluate"/>'s scores instead.
    /// </summary>
    IReadOnlyDictionary<string, double> TrivialAnswers { get; }
}

/// <summary>A workload whose scores compare it with another training. That one runs before its own, in neither its time nor its memory.</summary>
public interface IComparedWorkload
{
    void TrainOther(int seed, IRunProgress progress, CancellationToken stop);
}

/// <summary>One model being trained from one seed.</summary>
public interface ITrainingRun : IDisposable
{
    /// <summary>Takes the next batch, goes forward and backward and updates the parameters.</summary>
    /// <returns>The loss of the batch before the update.</returns>
    float Step(double learningRate);

    /// <summary>Scores the model on the whole evaluation split.</summary>
    Scores Evaluate(CancellationToken stop = default);
}

/// <summary>A run of one model, whose weights are kept when they meet the target.</summary>
public interface IModelRun : ITrainingRun
{
    TorchSharp.torch.nn.Module Model { get; }
}

/// <summary>A workload whose trained model draws a picture, which is kept beside the evidence.</summary>
public interface IDrawing
{
    /// <returns>A PNG file.</returns>
    byte[] Draw(TorchSharp.torch.nn.Module model, int seed);
}

/// <summary>Something that must be true of a workload before its speed means anything, and what was found.</summary>
public sealed record Invariant(string Name, bool Holds, string Found);

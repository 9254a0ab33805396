namespace MlPerfEdu.Workloads.Training;

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

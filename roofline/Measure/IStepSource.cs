namespace MlPerfEdu.Roofline.Measure;

/// <summary>All that measuring knows of a workload: it can prepare whole training steps of a given batch size.</summary>
public interface IStepSource
{
    /// <summary>The batch size of the workload's recipe, in samples.</summary>
    int Batch { get; }

    /// <summary>Makes a fresh model, data and optimizer for this batch size; nothing is shared with earlier preparations.</summary>
    IRunningStep Prepare(int batch);
}

public interface IRunningStep : IDisposable
{
    /// <summary>One whole step: of training, batch fetch, forward, backward, optimizer; of inference, a prompt or a token.</summary>
    void Step();

    /// <summary>Why a recorder of operators sees nothing of it; absent when libtorch runs it.</summary>
    string? Unrecorded => null;

    /// <summary>What one such step computes and moves, from the layer shapes.</summary>
    StepCount Count { get; }
}

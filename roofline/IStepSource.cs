namespace MlPerfEdu.Roofline;

/// <summary>All that measuring knows of a workload: it can prepare whole training steps of a given batch size.</summary>
public interface IStepSource
{
    /// <summary>The batch size of the workload's recipe, in samples.</summary>
    int Batch { get; }

    /// <summary>Makes a fresh model, data and optimizer for this batch size; nothing is shared with earlier preparations.</summary>
    IRunningStep Prepare(int batch);
}

using MlPerfEdu.Roofline;
using MlPerfEdu.Roofline.Count;

namespace MlPerfEdu.Workloads.Running;

/// <summary>The steps of a workload, none of which begins once the user wants to stop.</summary>
sealed class StoppableSteps(IStepSource source, CancellationToken stop) : IStepSource
{
    public int Batch => source.Batch;

    public IRunningStep Prepare(int batch)
    {
        stop.ThrowIfCancellationRequested();
        return new Stoppable(source.Prepare(batch), stop);
    }

    sealed class Stoppable(IRunningStep step, CancellationToken stop) : IRunningStep
    {
        public string? Unrecorded => step.Unrecorded;

        public StepCount Count => step.Count;

        public void Step()
        {
            stop.ThrowIfCancellationRequested();
            step.Step();
        }

        public void Dispose() => step.Dispose();
    }
}

using MlPerfEdu.Roofline.Count;

namespace MlPerfEdu.Roofline;

public interface IRunningStep : IDisposable
{
    /// <summary>One whole training step: batch fetch, forward, backward, optimizer.</summary>
    void Step();

    /// <summary>What one such step computes and moves, from the layer shapes.</summary>
    StepCount Count { get; }
}

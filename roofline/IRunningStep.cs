using MlPerfEdu.Roofline.Count;

namespace MlPerfEdu.Roofline;

public interface IRunningStep : IDisposable
{
    /// <summary>One whole step: of training, batch fetch, forward, backward, optimizer; of answering, a prompt or a token.</summary>
    void Step();

    /// <summary>Why a recorder of operators sees nothing of it; absent when libtorch runs it.</summary>
    string? Unrecorded => null;

    /// <summary>What one such step computes and moves, from the layer shapes.</summary>
    StepCount Count { get; }
}

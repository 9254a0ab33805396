using MlPerfEdu.Workloads.Running;

namespace MlPerfEdu.Workloads.Cli.Progress;

/// <summary>Hands what long work says about itself to a view, with the time left; and stops that work when the user wants it to stop.</summary>
sealed class Reporter(IProgressView view, TimeProvider clock, CancellationToken stop) : IRunProgress
{
    readonly Remaining _remaining = new(clock);

    public void Report(string phase, double share, string detail)
    {
        stop.ThrowIfCancellationRequested();
        var bounded = double.IsFinite(share) ? Math.Clamp(share, 0, 1) : 0;
        view.Show(new(phase, bounded, _remaining.Of(phase, bounded), detail));
    }
}

sealed record ProgressState(string Phase, double Share, TimeSpan? Left, string Detail);

interface IProgressView
{
    void Show(ProgressState state);
}

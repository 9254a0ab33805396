using MlPerfEdu.Workloads.Cli.Output;

namespace MlPerfEdu.Workloads.Cli.Progress;

/// <summary>Off a terminal: a whole line now and then.</summary>
sealed class PlainView(Screen log, string title, TimeProvider clock) : IProgressView
{
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    // What takes less than an interval says nothing.
    long _last = clock.GetTimestamp();

    public void Show(ProgressState state)
    {
        if (clock.GetElapsedTime(_last) < Interval)
            return;
        _last = clock.GetTimestamp();
        log.Line(string.Join(", ", Parts(state).Where(part => part.Length > 0)));
    }

    IEnumerable<string> Parts(ProgressState state)
    {
        yield return $"{title}: {state.Phase} {state.Share:P0}";
        yield return state.Left is { } left ? $"{Duration.Of(left)} left" : "";
        yield return state.Detail;
    }
}

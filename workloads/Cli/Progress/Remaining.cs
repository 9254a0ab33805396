namespace MlPerfEdu.Workloads.Cli.Progress;

/// <summary>Guesses how long a phase still takes, from how far it got in the time it had.</summary>
sealed class Remaining(TimeProvider clock)
{
    // Earlier than this a guess swings too much to be worth reading.
    const double LeastShare = 0.02;
    static readonly TimeSpan LeastTime = TimeSpan.FromSeconds(1);

    string _phase = "";
    long _started;
    double _startedAt;
    double _last;

    public TimeSpan? Of(string phase, double share)
    {
        // A phase that goes back begins again, such as the next file of a download.
        if (phase != _phase || share < _last)
            (_phase, _started, _startedAt) = (phase, clock.GetTimestamp(), share);
        _last = share;
        var elapsed = clock.GetElapsedTime(_started);
        var done = share - _startedAt;
        return elapsed < LeastTime || !(done >= LeastShare) ? null : elapsed * Math.Min((1 - share) / done, 1e6);
    }
}

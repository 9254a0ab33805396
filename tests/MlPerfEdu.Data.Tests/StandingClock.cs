namespace MlPerfEdu.Data.Tests;

/// <summary>A clock that stands still, however slow the machine is: a wait ends when the test says so.</summary>
sealed class StandingClock : TimeProvider
{
    // Long enough that the wait has begun as a rule; the answer is the same if it has not.
    static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(50);

    readonly Lock _lock = new();
    ITimer? _last;
    bool _nextExpires;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        lock (_lock)
        {
            _last = base.CreateTimer(callback, state, _nextExpires ? Soon : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _nextExpires = false;
            return _last;
        }
    }

    /// <summary>Ends the wait that has begun last or, when that is over, the next one.</summary>
    public void Expire()
    {
        lock (_lock) _nextExpires = _last?.Change(Soon, Timeout.InfiniteTimeSpan) != true;
    }
}

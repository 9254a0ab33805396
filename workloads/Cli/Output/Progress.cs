using Spectre.Console;
using Spectre.Console.Rendering;

namespace MlPerfEdu.Cli.Output;

/// <summary>Shows the progress of long work with an estimate of the time left; and stops that work when the user asks for it.</summary>
sealed class Reporter(Action<ProgressState> show, TimeProvider clock, CancellationToken stop) : IRunProgress
{
    readonly Remaining remaining = new(clock);

    public void Report(string phase, double share, string detail)
    {
        stop.ThrowIfCancellationRequested();
        var bounded = double.IsFinite(share) ? Math.Clamp(share, 0, 1) : 0;
        show(new(phase, bounded, remaining.Of(phase, bounded), detail));
    }
}

sealed record ProgressState(string Phase, double Share, TimeSpan? Left, string Detail);

/// <summary>Estimates how long a phase still takes, from how far it got in the time it had.</summary>
sealed class Remaining(TimeProvider clock)
{
    // Earlier than this an estimate swings too much to be worth reading.
    const double LeastShare = 0.02;
    static readonly TimeSpan LeastTime = TimeSpan.FromSeconds(1);

    string phase = "";
    long started;
    double startedAt;
    double last;

    public TimeSpan? Of(string phase, double share)
    {
        // A phase that goes back begins again, such as the next file of a download.
        if (phase != this.phase || share < last)
            (this.phase, started, startedAt) = (phase, clock.GetTimestamp(), share);
        last = share;
        var elapsed = clock.GetElapsedTime(started);
        var done = share - startedAt;
        return elapsed < LeastTime || !(done >= LeastShare) ? null : elapsed * Math.Min((1 - share) / done, 1e6);
    }
}

/// <summary>Off a terminal: a whole line every few seconds, and soon after each phase first began.</summary>
sealed class PlainView(Screen log, string title, TimeProvider clock)
{
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    // Work that takes less says nothing.
    static readonly TimeSpan NewPhase = TimeSpan.FromSeconds(1);

    long last = clock.GetTimestamp();
    readonly HashSet<string> told = [];

    public void Show(ProgressState state)
    {
        // Training and scoring take turns for minutes: only the first of each is news.
        if (clock.GetElapsedTime(last) < (told.Contains(state.Phase) ? Interval : NewPhase))
            return;
        last = clock.GetTimestamp();
        told.Add(state.Phase);
        string[] parts = [$"{title}: {state.Phase} {state.Share:P0}", state.Left is { } left ? $"{DurationText.Of(left)} left" : "", state.Detail];
        log.Line(string.Join(", ", parts.Where(part => part.Length > 0)));
    }
}

/// <summary>On a terminal: one line that is drawn over, and gone when the work is done.</summary>
sealed class TerminalView
{
    static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);
    readonly ProgressContext context;
    readonly StateColumn column;
    readonly ProgressTask task;
    readonly TimeProvider clock;
    long? last;

    TerminalView(ProgressContext context, StateColumn column, TimeProvider clock) =>
        (this.context, this.column, this.clock, task) = (context, column, clock, context.AddTask("work", maxValue: 1));

    public void Show(ProgressState state)
    {
        // Drawn from here and rarely, not from a thread of its own: that would disturb what is being timed.
        if (this.last is { } last && clock.GetElapsedTime(last) < Interval)
            return;
        this.last = clock.GetTimestamp();
        task.Value = state.Share;
        column.Text = $"{state.Phase}  {(state.Left is { } left ? $"{DurationText.Of(left)} left  " : "")}{state.Detail}";
        context.Refresh();
    }

    public static T Track<T>(IAnsiConsole console, string title, TimeProvider clock, Func<TerminalView, T> work)
    {
        var state = new StateColumn();
        return console.Progress().AutoRefresh(false).AutoClear(true)
            .Columns(new TitleColumn(title), new ProgressBarColumn { Width = 20 }, new PercentageColumn(), state)
            .Start(context => work(new TerminalView(context, state, clock)));
    }

    sealed class TitleColumn(string title) : ProgressColumn
    {
        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) => new Text(SafeText.Line(title));
    }

    sealed class StateColumn : ProgressColumn
    {
        public string Text { get; set; } = "";

        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
            new Text(SafeText.Line(Text)).Overflow(Overflow.Ellipsis);
    }
}

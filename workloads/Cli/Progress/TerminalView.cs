using MlPerfEdu.Workloads.Cli.Output;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace MlPerfEdu.Workloads.Cli.Progress;

/// <summary>On a terminal: one line that is drawn over, and gone when the work is done.</summary>
sealed class TerminalView : IProgressView
{
    static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    readonly ProgressContext _context;
    readonly StateColumn _column;
    readonly ProgressTask _task;
    readonly TimeProvider _clock;
    long? _last;

    TerminalView(ProgressContext context, StateColumn column, TimeProvider clock) =>
        (_context, _column, _clock, _task) = (context, column, clock, context.AddTask("work", maxValue: 1));

    public void Show(ProgressState state)
    {
        // Drawn from here and rarely, not from a thread of its own: that would disturb what is being timed.
        if (_last is { } last && _clock.GetElapsedTime(last) < Interval)
            return;
        _last = _clock.GetTimestamp();
        _task.Value = state.Share;
        _column.Text = $"{state.Phase}  {(state.Left is { } left ? $"{Duration.Of(left)} left  " : "")}{state.Detail}";
        _context.Refresh();
    }

    public static T Track<T>(IAnsiConsole console, string title, TimeProvider clock, Func<IProgressView, T> work)
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

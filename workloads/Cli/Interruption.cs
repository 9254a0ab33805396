using System.Runtime.InteropServices;
using MlPerfEdu.Roofline.Torch;

namespace MlPerfEdu.Cli;

/// <summary>
/// Turns Ctrl-C and SIGTERM into a token that work checks between its steps. Work that does not check it in time, and a second signal,
/// end the process at once: every file that matters is written under another name and then renamed, so nothing is half-written.
/// </summary>
sealed class Interruption : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    // A line of progress on a terminal hides it.
    static readonly string ShowCursor = Console.IsErrorRedirected ? "" : "\u001b[?25h";

    readonly CancellationTokenSource source = new();
    readonly Lock telling = new();
    readonly PosixSignalRegistration[] registrations;
    bool told;

    public Interruption() =>
        registrations = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM }.Select(signal => PosixSignalRegistration.Create(signal, Stop))];

    public CancellationToken Token => source.Token;

    /// <summary>Lets only the first of the two ways out of the process say why it ends.</summary>
    public void TellOnce(Action tell)
    {
        lock (telling)
        {
            if (!told)
                tell();
            told = true;
        }
    }

    /// <summary>Ends the process without the exit handlers of libraries, whose threads may still be computing on what those destroy.</summary>
    public static void Leave(ExitCode exit) => NativeProcess.ExitNow((int)exit);

    public void Dispose()
    {
        foreach (var registration in registrations)
            registration.Dispose();
        source.Dispose();
    }

    void Stop(PosixSignalContext context)
    {
        context.Cancel = true;
        if (source.IsCancellationRequested)
        {
            // The first teller may be blocked by a full pipe; that is no reason to stay.
            if (telling.TryEnter())
                TellAndLeave();
            Leave(ExitCode.Interrupted);
        }

        source.Cancel();
        _ = Task.Delay(Patience).ContinueWith(_ => TellAndLeave(), TaskScheduler.Default);
    }

    void TellAndLeave()
    {
        lock (telling)
        {
            TellOnce(() => StandardStreams.Error.WriteLine(ShowCursor + Failure.Interrupted));
            Leave(ExitCode.Interrupted);
        }
    }
}

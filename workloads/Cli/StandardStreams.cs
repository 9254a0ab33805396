using System.Runtime.InteropServices;
using MlPerfEdu.Roofline.Torch;

namespace MlPerfEdu.Cli;

/// <summary>The output streams that the shell gave this process. A stream that it closed is one that nobody reads.</summary>
static partial class StandardStreams
{
    const int OutNumber = 1, ErrorNumber = 2;

    public static TextWriter Out => IsGiven(OutNumber) ? Console.Out : TextWriter.Null;

    // On a terminal Spectre has to see the console's own writer, which does not fail there.
    public static TextWriter Error => !IsGiven(ErrorNumber) ? TextWriter.Null
        : Console.IsErrorRedirected ? new Forgiving(Console.Error) : Console.Error;

    // By now the runtime has opened a file of its own under the number of a closed stream, with close-on-exec set.
    static bool IsGiven(int number) =>
        OperatingSystem.IsWindows() || (FileControl(number, GetFlags) is >= 0 and var flags && (flags & CloseOnExec) == 0);

    const int GetFlags = 1, CloseOnExec = 1;

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int FileControl(int number, int command);

    /// <summary>Remarks and errors that cannot be written are lost; the command and its exit code are not.</summary>
    sealed class Forgiving(TextWriter inner) : TextWriter
    {
        public override Encoding Encoding => inner.Encoding;
        public override void Write(char value) => Try(() => inner.Write(value));
        public override void Write(string? value) => Try(() => inner.Write(value));
        public override void Write(char[] buffer, int index, int count) => Try(() => inner.Write(buffer, index, count));
        public override void Flush() => Try(inner.Flush);

        static void Try(Action write)
        {
            try
            {
                write();
            }
            catch (IOException)
            {
            }
        }
    }
}

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

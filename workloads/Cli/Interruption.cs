using System.Runtime.InteropServices;

namespace MlPerfEdu.Workloads.Cli;

/// <summary>
/// Turns Ctrl-C and SIGTERM into a token. Work that does not look at the token in time is left where it is:
/// every file that matters is written beside and renamed, so nothing is half-written.
/// </summary>
sealed class Interruption : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    readonly CancellationTokenSource _source = new();
    readonly PosixSignalRegistration[] _registrations;

    public Interruption() =>
        _registrations = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM }.Select(signal => PosixSignalRegistration.Create(signal, Stop))];

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _source.Dispose();
    }

    void Stop(PosixSignalContext context)
    {
        context.Cancel = true;
        if (_source.IsCancellationRequested)
            Environment.Exit((int)ExitCode.Interrupted);
        _source.Cancel();
        _ = Task.Delay(Patience).ContinueWith(_ => Environment.Exit((int)ExitCode.Interrupted), TaskScheduler.Default);
    }
}

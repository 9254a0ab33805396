using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using static TorchSharp.torch;

namespace MlPerfEdu.Engine.Distributed;

/// <summary>All ranks of a run on this machine, under one mpirun. When one fails, all end.</summary>
sealed partial class RankTeam : IDisposable
{
    // mpirun prints a dozen lines when it ends a rank.
    const int LinesKept = 40;

    // mpirun gives its ranks a second before it kills them.
    static readonly TimeSpan Farewell = TimeSpan.FromSeconds(5);

    readonly int size;
    readonly Process mpirun;
    readonly LastLines said = new(LinesKept);
    readonly Task<string> answer;

    /// <summary>Starts a program once for each rank.</summary>
    /// <param name="program">The assembly with the rank command: not always that of this process, which may be a test host.</param>
    public RankTeam(OpenMpi mpi, string program, int size, int threads, IEnumerable<string> arguments)
    {
        this.size = size;
        var start = new ProcessStartInfo(mpi.Mpirun,
        [
            "-n", $"{size}",
            // More ranks than processors, and none held to one of them.
            "--map-by", ":OVERSUBSCRIBE", "--bind-to", "none",
            DotnetHost.Path, "exec", program, .. arguments,
        ])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in Settings(threads))
            start.Environment[name] = value;
        mpirun = Process.Start(start)!;
        mpirun.ErrorDataReceived += (_, line) => said.Add(line.Data);
        mpirun.BeginErrorReadLine();
        answer = mpirun.StandardOutput.ReadToEndAsync();
    }

    /// <summary>The last lines of mpirun and the ranks.</summary>
    internal string Said => said.ToString();

    internal Task Ended => mpirun.WaitForExitAsync();

    /// <summary>What the ranks answered.</summary>
    /// <exception cref="RunException">One of them failed.</exception>
    public string Finish(CancellationToken stop)
    {
        // Also waits for the last lines.
        mpirun.WaitForExitAsync(stop).GetAwaiter().GetResult();
        // Ctrl-C goes to mpirun, too.
        stop.ThrowIfCancellationRequested();
        return mpirun.ExitCode == 0 ? answer.GetAwaiter().GetResult() : throw Failure();
    }

    /// <summary>The ranks see what they would see if this process had ended.</summary>
    internal void CloseInput() => mpirun.StandardInput.Close();

    public void Dispose()
    {
        // mpirun ends its ranks and clears away what they shared; killed, it could do neither.
        if (!mpirun.HasExited && (Signals.Send(mpirun.Id, Signals.Terminate) != 0 || !mpirun.WaitForExit(Farewell)))
        {
            mpirun.Kill(entireProcessTree: true);
            mpirun.WaitForExit();
        }

        mpirun.Dispose();
    }

    static IEnumerable<KeyValuePair<string, string>> Settings(int threads)
    {
        yield return new("OMP_NUM_THREADS", $"{threads}");
        // mpirun gives its ranks a terminal; unless that is a plain one, .NET begins its output with escape sequences.
        yield return new("TERM", "dumb");
        // Each rank sums up a part and hands it out (Rabenseifner, 2004): half the time of summing up on one rank.
        yield return new("OMPI_MCA_coll_libnbc_iallreduce_algorithm", "3");
        // mpirun insists on a program for other hosts, which containers often lack, and starts it for none.
        yield return new("OMPI_MCA_plm_rsh_agent", "/bin/sh");
        if (!Environment.IsPrivilegedProcess)
            yield break;
        yield return new("OMPI_ALLOW_RUN_AS_ROOT", "1");
        yield return new("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1");
    }

    // A signal comes from outside and is the cause; otherwise the first rank that failed printed why.
    RunException Failure()
    {
        if (Signalled().Match(Said) is { Success: true } signalled)
            return DistributedErrors.RankEnded(Rank(signalled), size, signalled.Groups["how"].Value);
        return Coded().Match(Said) is { Success: true } coded
            ? new RunException(coded.Groups["code"].Value, coded.Groups["message"].Value)
            : DistributedErrors.RanksEnded(size, mpirun.ExitCode, Said);
    }

    static int Rank(Match match) => int.Parse(match.Groups["rank"].Value, CultureInfo.InvariantCulture);

    // mpirun's words.
    [GeneratedRegex(@"noticed that process rank (?<rank>\d+) .* exited on (?<how>signal \d+ \(.*\))")]
    private static partial Regex Signalled();

    [GeneratedRegex(@"^error (?<code>MLP\d{4}): (?<message>.+)$", RegexOptions.Multiline)]
    private static partial Regex Coded();

}

/// <summary>What all ranks measured, one after another.</summary>
sealed record RankAnswer(int Size, IReadOnlyList<MeasuredPoint> Points)
{
    /// <summary>Tells every rank what each of them measured.</summary>
    public static RankAnswer Gather(IProcessGroup group, IReadOnlyList<MeasuredPoint> own)
    {
        var points = new List<MeasuredPoint>();
        for (var rank = 0; rank < group.Size; rank++)
            points.AddRange(JsonOutput.Read<IReadOnlyList<MeasuredPoint>>(Tell(group, rank, JsonOutput.Text(own))));
        return new(group.Size, points);
    }

    /// <exception cref="RunException">It is no such answer.</exception>
    public static RankAnswer Parse(string text)
    {
        try
        {
            return JsonOutput.Read<RankAnswer>(text);
        }
        catch (JsonException)
        {
            throw DistributedErrors.Unreadable(text);
        }
    }

    // The text of one rank.
    static string Tell(IProcessGroup group, int teller, string own)
    {
        using var scope = NewDisposeScope();
        var bytes = Encoding.UTF8.GetBytes(own);
        var length = tensor(new long[] { bytes.Length });
        group.Broadcast(length, teller);
        var text = group.Rank == teller ? tensor(bytes) : zeros(length.item<long>(), dtype: ScalarType.Byte);
        group.Broadcast(text, teller);
        return Encoding.UTF8.GetString(text.bytes);
    }
}

/// <summary>The Open MPI of this machine.</summary>
/// <param name="Mpirun">Its program that starts ranks.</param>
sealed record OpenMpi(string Mpirun, string Version)
{
    public const string HowToInstall = "Debian and Ubuntu: apt-get install openmpi-bin, macOS: brew install open-mpi";

    const string Mark = "(Open MPI)";

    /// <param name="missing">Why there is none, for a sentence; empty when there is.</param>
    public static OpenMpi? Find(Func<string, string?> variable, out string missing)
    {
        missing = "";
        if (OnPath(variable) is not { } mpirun)
            missing = "Open MPI's mpirun is not on the PATH";
        else if (FirstLine.Of(mpirun, "--version") is not { } version || !version.Contains(Mark, StringComparison.Ordinal))
            missing = $"{mpirun} is not Open MPI's";
        else
            return new(mpirun, version);
        return null;
    }

    public static string? OnPath(Func<string, string?> variable) => (variable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, "mpirun")).FirstOrDefault(File.Exists);
}

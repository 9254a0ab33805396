using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using MlPerfEdu.Engine;
using MlPerfEdu.Engine.Distributed;

namespace MlPerfEdu.Workloads.Tests.Distributed;

public partial class RankTeamTests
{
    // Stated are ten seconds; a busy machine may take longer to end processes.
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // On a busy machine four processes need a while to come.
    static readonly TimeSpan Start = TimeSpan.FromMinutes(2);

    [MpiFact]
    public void Ranks_answer_as_if_they_had_no_terminal()
    {
        var terminal = Environment.GetEnvironmentVariable("TERM");
        Environment.SetEnvironmentVariable("TERM", "xterm");
        try
        {
            using var team = new RankTeam(
                Mpi.Here, typeof(Program).Assembly.Location, 2, threads: 1, ["rank", "micro-dlrm-distributed", "--json", "--steps", "1"]);
            Assert.Equal(2, RankAnswer.Parse(team.Finish(default)).Size);
        }
        finally
        {
            Environment.SetEnvironmentVariable("TERM", terminal);
        }
    }

    [MpiTheory]
    [InlineData(2, 0)]
    [InlineData(2, 1)]
    [InlineData(4, 0)]
    [InlineData(4, 2)]
    public void A_rank_that_is_killed_ends_the_run_and_is_named(int size, int lost)
    {
        var ended = EndOf(size, lost, "-KILL");

        Assert.Equal("MLP1534", ended.Code);
        Assert.Contains($"rank {lost} of {size} ended on signal 9", ended.Message);
    }

    [MpiTheory]
    [InlineData(2, 0)]
    [InlineData(2, 1)]
    [InlineData(4, 0)]
    [InlineData(4, 2)]
    [Trait("Tier", "long")]
    public void A_rank_that_hangs_ends_the_run_and_is_named(int size, int lost)
    {
        var ended = EndOf(size, lost, "-STOP");

        Assert.Equal("MLP1533", ended.Code);
        Assert.Contains($"rank {lost} of {size} did not answer the others for 5 s", ended.Message);
    }

    [MpiFact]
    public void Who_stops_the_run_leaves_no_rank()
    {
        var before = SharedMemory();
        IReadOnlyList<int> ids;
        using (var team = Running(4, out ids))
        {
            using var stop = new CancellationTokenSource();
            stop.CancelAfter(TimeSpan.FromMilliseconds(100));
            Assert.ThrowsAny<OperationCanceledException>(() => team.Finish(stop.Token));
        }

        AssertNothingIsLeft(ids, before);
    }

    [MpiFact]
    public void Ranks_end_when_whoever_started_them_is_gone()
    {
        var before = SharedMemory();
        using var team = Running(4, out var ids);
        team.CloseInput();

        Assert.True(team.Ended.Wait(Patience));
        AssertNothingIsLeft(ids, before);
    }

    /// <summary>The one message that tells of it.</summary>
    static RunException EndOf(int size, int lost, string signal)
    {
        var before = SharedMemory();
        using var team = Running(size, out var ids);
        Process.Start("kill", [signal, $"{ids[lost]}"])!.WaitForExit();
        var began = Stopwatch.GetTimestamp();
        var ended = Assert.Throws<RunException>(() => team.Finish(default));

        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, Patience);
        Assert.DoesNotContain('\n', ended.Message);
        AssertNothingIsLeft(ids, before);
        return ended;
    }

    /// <summary>Ranks in the middle of more steps than anybody waits for, and their processes.</summary>
    static RankTeam Running(int size, out IReadOnlyList<int> ids)
    {
        var team = new RankTeam(
            Mpi.Here, typeof(Program).Assembly.Location, size, threads: 1,
            ["rank", "micro-dlrm-distributed", "--attached", "--json", "--steps", "100000000"]);
        var began = Stopwatch.GetTimestamp();
        MatchCollection joined;
        // Lines of several ranks come in any order, and one rank may train before another's first line has arrived.
        while ((joined = Joined().Matches(team.Said)).Count < size || !team.Said.Contains("training", StringComparison.Ordinal))
        {
            Assert.False(team.Ended.IsCompleted, team.Said);
            Assert.True(Stopwatch.GetElapsedTime(began) < Start, team.Said);
            Thread.Sleep(50);
        }

        ids = [.. joined.OrderBy(match => Number(match, "rank")).Select(match => Number(match, "process"))];
        return team;
    }

    // Whoever ended takes a moment to be cleared away.
    static void AssertNothingIsLeft(IReadOnlyList<int> ids, IReadOnlySet<string> before)
    {
        Assert.True(SpinWait.SpinUntil(() => !ids.Any(IsRunning), Patience), "A rank still runs.");
        Assert.True(SpinWait.SpinUntil(() => SharedMemory().IsSubsetOf(before), Patience), "Shared memory of ranks is left.");
    }

    static bool IsRunning(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>Files and folders of ranks that run now.</summary>
    static HashSet<string> SharedMemory() =>
    [
        .. Found("/dev/shm", "*segment*"),
        .. Found(Path.GetTempPath(), "ompi.*").SelectMany(folder => Found(folder, "pid.*")),
    ];

    static string[] Found(string folder, string pattern) =>
        Directory.Exists(folder) ? Directory.GetFileSystemEntries(folder, pattern) : [];

    static int Number(Match match, string group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"rank (?<rank>\d+) of \d+ has joined as process (?<process>\d+)\.")]
    private static partial Regex Joined();
}

using System.Diagnostics;
using System.Net.Sockets;
using MlPerfEdu.Workloads.Distributed;
using MlPerfEdu.Workloads.Running;

namespace MlPerfEdu.Workloads.Tests.Distributed;

public class RankTeamTests
{
    const int Lost = 2;

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // On a busy machine four processes need a while to come.
    static readonly TimeSpan Start = TimeSpan.FromMinutes(2);

    [GlooTheory]
    [InlineData(0)]
    [InlineData(Lost)]
    public void A_rank_that_is_killed_in_mid_run_ends_every_other_with_a_clear_error(int lost)
    {
        using var team = Running();
        team.Ranks[lost].Kill();
        var began = Stopwatch.GetTimestamp();
        Task.WhenAll(team.Ranks.Select(rank => rank.Ended)).Wait(Start);

        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, Patience);
        Assert.All(team.Ranks.Where(rank => rank.Place.Rank != lost), rank =>
        {
            Assert.Equal(4, rank.Exit);
            Assert.Contains($"error MLP1533: found that {rank.Place} lost another one in mid-run", rank.LastLines);
        });
        Assert.ThrowsAny<SocketException>(() => new TcpClient("127.0.0.1", team.Port));
    }

    [GlooFact]
    public void Who_started_them_names_the_first_that_was_lost_and_leaves_no_process()
    {
        List<int> ids;
        RunException ended;
        TimeSpan waited;
        using (var team = Running())
        {
            ids = [.. team.Ranks.Select(rank => rank.Id)];
            team.Ranks[Lost].Kill();
            var began = Stopwatch.GetTimestamp();
            ended = Assert.Throws<RunException>(() => team.Finish(default));
            waited = Stopwatch.GetElapsedTime(began);
        }

        Assert.InRange(waited, TimeSpan.Zero, Patience);
        Assert.Equal("MLP1534", ended.Code);
        Assert.Contains($"rank {Lost} of 4 ended with exit code 137", ended.Message);
        Assert.All(ids, id => Assert.Throws<ArgumentException>(() => Process.GetProcessById(id)));
    }

    [GlooFact]
    public void Ranks_end_when_whoever_started_them_is_gone()
    {
        using var team = Running();
        foreach (var rank in team.Ranks)
            rank.CloseInput();

        Assert.True(Task.WhenAll(team.Ranks.Select(rank => rank.Ended)).Wait(Patience));
    }

    /// <summary>Four ranks in the middle of more steps than anybody waits for.</summary>
    static RankTeam Running()
    {
        var team = new RankTeam(4, threads: 1, "rank", "micro-dlrm-distributed", "--attached", "--json", "--steps", "100000000");
        var began = Stopwatch.GetTimestamp();
        while (!team.Ranks.All(rank => rank.LastLines.Contains("training", StringComparison.Ordinal)))
        {
            var ended = team.Ranks.FirstOrDefault(rank => rank.Exit is not null);
            Assert.True(ended is null, $"{ended?.Place}: {ended?.LastLines}");
            Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, Start);
            Thread.Sleep(50);
        }

        return team;
    }
}

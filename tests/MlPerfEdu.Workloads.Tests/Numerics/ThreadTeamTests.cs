using MlPerfEdu.Numerics;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Tests.Numerics;

public class ThreadTeamTests
{
    static readonly ThreadTeam Team = ThreadTeam.Of(get_num_threads());

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(1000)]
    public void Every_unit_is_done_once(int units)
    {
        for (var loop = 0; loop < 200; loop++)
        {
            var done = new int[units];
            Team.ForEach(units, unit => Interlocked.Increment(ref done[unit]));
            Assert.All(done, times => Assert.Equal(1, times));
        }
    }

    [Fact]
    public void Threads_that_ask_at_once_each_get_all_of_their_own()
    {
        var sums = new long[8];
        var callers = Enumerable.Range(0, sums.Length).Select(caller => new Thread(() =>
        {
            for (var loop = 0; loop < 500; loop++) Team.ForEach(20, unit => Interlocked.Add(ref sums[caller], unit));
        })).ToList();
        callers.ForEach(caller => caller.Start());
        callers.ForEach(caller => caller.Join());
        Assert.All(sums, sum => Assert.Equal(500 * 190, sum));
    }

    [Fact]
    public void A_loop_within_a_loop_ends()
    {
        var done = 0;
        Team.ForEach(6, _ => Team.ForEach(6, _ => Interlocked.Increment(ref done)));
        Assert.Equal(36, done);
    }

    [Fact]
    public void A_unit_that_fails_is_reported_when_the_others_are_done_and_the_team_goes_on()
    {
        var done = 0;
        var failure = Assert.Throws<InvalidDataException>(() => Team.ForEach(50, unit =>
        {
            if (unit == 7) throw new InvalidDataException("unit 7");
            Interlocked.Increment(ref done);
        }));
        Assert.Equal(("unit 7", 49), (failure.Message, done));
        Team.ForEach(50, _ => Interlocked.Increment(ref done));
        Assert.Equal(99, done);
    }

    // With two threads a unit that waits for the other can only end on another thread than it; one thread does them in turn.
    [Fact]
    public void Another_thread_takes_part()
    {
        var (both, patience) = (2, TimeSpan.FromSeconds(get_num_threads() == 1 ? 0 : 30));
        Team.ForEach(2, _ =>
        {
            Interlocked.Decrement(ref both);
            SpinWait.SpinUntil(() => Volatile.Read(ref both) == 0, patience);
            Assert.True(get_num_threads() == 1 || Volatile.Read(ref both) == 0);
        });
    }

    [Fact]
    public void A_run_is_on_every_thread_once_and_they_meet_within_it()
    {
        using var team = new ThreadTeam(3);
        var (begun, ended) = (new int[3], new int[3]);
        var early = 0;
        for (var run = 1; run <= 300; run++)
        {
            var wanted = run;
            // Loops in between leave helpers that wake late.
            team.ForEach(2, _ => { });
            team.Run(thread =>
            {
                Interlocked.Increment(ref begun[thread]);
                team.Meet();
                if (begun.Any(times => Volatile.Read(ref times) != wanted)) Interlocked.Increment(ref early);
                team.Meet();
                Interlocked.Increment(ref ended[thread]);
            });
            Assert.All(ended, times => Assert.Equal(wanted, times));
        }
        Assert.Equal(0, early);
    }

    [Fact]
    public void Shares_cover_all_units_in_order()
    {
        using var team = new ThreadTeam(3);
        var shares = Enumerable.Range(0, 3).Select(thread => team.Share(thread, 10)).ToList();
        Assert.Equal([(0, 3), (3, 6), (6, 10)], shares);
    }

    [Fact]
    public void A_run_allocates_nothing()
    {
        using var team = new ThreadTeam(2);
        Action<int> part = _ => { };
        team.Run(part);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var run = 0; run < 100; run++) team.Run(part);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}

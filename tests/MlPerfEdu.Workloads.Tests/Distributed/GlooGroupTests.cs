using System.Diagnostics;
using MlPerfEdu.Workloads.Distributed;
using MlPerfEdu.Workloads.Running;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Tests.Distributed;

public class GlooGroupTests
{
    [GlooTheory]
    [InlineData(2)]
    [InlineData(4)]
    public void A_sum_is_that_of_all_ranks_on_each_of_them(int size)
    {
        var sums = Threads.Run(size, group =>
        {
            using var mine = tensor(new float[] { 1, group.Rank, 10 * group.Rank });
            group.Sum(mine);
            return mine.data<float>().ToArray();
        });

        var ranks = size * (size - 1) / 2;
        Assert.All(sums, sum => Assert.Equal([size, ranks, 10 * ranks], sum));
    }

    [GlooFact]
    public void A_sum_has_the_same_bits_everywhere()
    {
        var sums = Threads.Run(4, group =>
        {
            using var generator = new torch.Generator((ulong)group.Rank);
            using var mine = randn(100_003, generator: generator);
            group.Sum(mine);
            return mine.data<float>().ToArray();
        });

        Assert.All(sums[1..], sum => Assert.Equal(sums[0], sum));
    }

    [GlooFact]
    public void A_broadcast_gives_each_rank_the_tensor_of_one()
    {
        var received = Threads.Run(3, group =>
        {
            group.Barrier();
            using var mine = tensor(new float[] { group.Rank, 7 });
            group.Broadcast(mine, root: 2);
            return mine.data<float>().ToArray();
        });

        Assert.All(received, values => Assert.Equal([2, 7], values));
    }

    [GlooFact]
    public void Gradients_become_the_mean_and_values_those_of_the_root()
    {
        var found = Threads.Run(2, group =>
        {
            using var first = new Parameter(ones(2) * (group.Rank + 1));
            using var second = new Parameter(ones(1, 3) * (group.Rank + 5));
            var exchange = new GradientExchange([first, second], group);
            exchange.ShareValues(root: 1);
            var values = first.data<float>().ToArray().Concat(second.data<float>().ToArray());
            ((first * (group.Rank + 1)).sum() + (second * 10 * group.Rank).sum()).backward();
            exchange.Average();
            var gradients = first.grad!.data<float>().ToArray().Concat(second.grad!.data<float>().ToArray());
            return (Values: values.ToArray(), Gradients: gradients.ToArray());
        });

        Assert.All(found, rank => Assert.Equal([2, 2, 6, 6, 6], rank.Values));
        Assert.All(found, rank => Assert.Equal([1.5f, 1.5f, 5, 5, 5], rank.Gradients));
    }

    [GlooFact]
    public void Whoever_waits_for_a_rank_that_left_hears_of_it_within_ten_seconds()
    {
        var waited = Threads.Run(2, group =>
        {
            group.Barrier();
            if (group.Rank == 1)
                return TimeSpan.Zero;
            var began = Stopwatch.GetTimestamp();
            using var mine = ones(4);
            var lost = Assert.Throws<RunException>(() =>
            {
                // The first may still find the other's last words.
                group.Sum(mine);
                group.Sum(mine);
            });
            Assert.Equal("MLP1533", lost.Code);
            Assert.Contains("rank 0 of 2 lost another one", lost.Message);
            return Stopwatch.GetElapsedTime(began);
        });

        Assert.InRange(waited[0], TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    [GlooFact]
    public void Whoever_comes_alone_says_where_it_waited()
    {
        var place = new RankPlace("127.0.0.1", Threads.FreePort(), 0, 2);
        var alone = Assert.Throws<RunException>(() => GlooGroup.JoinAs(place, join: TimeSpan.FromSeconds(1), answer: TimeSpan.FromSeconds(1)));

        Assert.Equal("MLP1532", alone.Code);
        Assert.Contains($"rank 0 of 2 could not meet the others at 127.0.0.1:{place.Port}", alone.Message);
    }
}

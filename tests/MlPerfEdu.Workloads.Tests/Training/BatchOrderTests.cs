using MlPerfEdu.Engine.Training;

namespace MlPerfEdu.Workloads.Tests.Training;

public class BatchOrderTests
{
    [Fact]
    public void A_pass_visits_no_sample_twice_and_the_next_pass_has_another_order()
    {
        var order = new BatchOrder(samples: 10, batch: 3, seed: 1);
        var first = Pass(order);
        var second = Pass(order);
        Assert.Equal(9, first.Distinct().Count());
        Assert.Equal(9, second.Distinct().Count());
        Assert.NotEqual(first, second);
    }

    [Fact]
    public void The_seed_decides_the_order()
    {
        Assert.Equal(Pass(new BatchOrder(100, 3, 7)), Pass(new BatchOrder(100, 3, 7)));
        Assert.NotEqual(Pass(new BatchOrder(100, 3, 7)), Pass(new BatchOrder(100, 3, 8)));
    }

    [Fact]
    public void A_batch_larger_than_the_data_is_refused() =>
        Assert.Throws<ArgumentException>(() => new BatchOrder(samples: 3, batch: 4, seed: 1));

    static List<long> Pass(BatchOrder order)
    {
        var seen = new List<long>();
        for (var i = 0; i < 3; i++) seen.AddRange(order.Next());
        return seen;
    }
}

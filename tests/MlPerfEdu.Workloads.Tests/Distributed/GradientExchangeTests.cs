using MlPerfEdu.Engine.Distributed;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Tests.Distributed;

public class GradientExchangeTests
{
    [Fact]
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
}

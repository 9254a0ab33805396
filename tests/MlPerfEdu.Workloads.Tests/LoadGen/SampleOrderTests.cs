using MlPerfEdu.Engine.LoadGen;
using MlPerfEdu.Roofline.Load;

namespace MlPerfEdu.Workloads.Tests.LoadGen;

/// <summary>The sequences that LoadGen 6 itself gave.</summary>
public class SampleOrderTests
{
    [Theory]
    [InlineData(LoadScenario.SingleStream)]
    [InlineData(LoadScenario.Server)]
    public void Single_samples_come_in_the_reference_order(LoadScenario scenario)
    {
        var order = new SampleOrder(Loads.Of(scenario));
        Assert.Equal(
            [122, 194, 14, 26, 180, 124, 36, 155, 152, 138, 144, 198, 50, 35, 2, 10],
            Enumerable.Range(0, 16).SelectMany(_ => order.Next()));
    }

    [Fact]
    public void Neighbouring_samples_come_in_the_reference_order()
    {
        var order = new SampleOrder(Loads.Of(LoadScenario.MultiStream));
        Assert.Equal([153, 127, 56, 120, 98, 63, 152, 87, 143, 146, 13, 62, 85, 180, 184, 23], [.. order.Next(), .. order.Next()]);
    }

    [Fact]
    public void Offline_goes_through_the_set_in_the_reference_order()
    {
        var (_, system) = Loads.Run(Loads.Of(LoadScenario.Offline) with { Queries = 250 }, 1);
        Assert.Equal([1, 188, 112, 155, 11, 37, 58, 70, 140, 196, 182, 42, 164, 93, 129, 72], system.Asked.Take(16));
        Assert.Equal(system.Asked[..50], system.Asked[200..]);
    }

    [Fact]
    public void The_whole_library_is_shuffled_in_the_reference_order()
    {
        var set = new SampleOrder(Loads.Of(LoadScenario.Offline) with { Samples = 1000 }).Set;
        Assert.Equal([216, 267, 822, 906, 663, 580, 710, 908], set.Take(8));
        Assert.Equal(Enumerable.Range(0, 1000), set.Order());
    }

    [Fact]
    public void The_accuracy_run_of_the_offline_scenario_has_the_reference_order()
    {
        var order = new SampleOrder(Loads.Of(LoadScenario.Offline) with { Samples = 1000 }).Accuracy();
        Assert.Equal([216, 267, 822, 906, 663, 580, 710, 908], order.Take(8));
    }

    [Theory]
    [InlineData(LoadScenario.SingleStream)]
    [InlineData(LoadScenario.Server)]
    [InlineData(LoadScenario.MultiStream)]
    public void Other_accuracy_runs_ask_each_sample_once_too_but_in_an_order_of_their_own(LoadScenario scenario)
    {
        var order = new SampleOrder(Loads.Of(scenario));
        Assert.Equal(Enumerable.Range(0, 200), order.Accuracy().Order());
        Assert.NotEqual(order.Set, order.Accuracy());
        Assert.Equal(order.Accuracy(), order.Accuracy());
    }

    [Theory]
    [InlineData(LoadScenario.SingleStream)]
    [InlineData(LoadScenario.Server)]
    public void Equal_issue_asks_every_sample_once_a_round_in_another_order_each_time(LoadScenario scenario)
    {
        var order = new SampleOrder(Loads.Of(scenario) with { Queries = 400, EqualIssue = true });
        var rounds = Enumerable.Range(0, 3).Select(_ => Enumerable.Range(0, 200).SelectMany(_ => order.Next()).ToArray()).ToArray();
        Assert.All(rounds, round => Assert.Equal(Enumerable.Range(0, 200), round.Order()));
        Assert.NotEqual(rounds[0], rounds[1]);
        // Two rounds are drawn for so many queries; after them they come again.
        Assert.Equal(rounds[0], rounds[2]);
    }

    /// <summary>The C++ standard fixes the ten thousandth number of the default seed.</summary>
    [Fact]
    public void The_generator_is_the_standard_one()
    {
        var numbers = new MersenneTwister(5489);
        for (var i = 1; i < 10_000; i++)
            numbers.Next();
        Assert.Equal(4123659995u, numbers.Next());
    }

    [Fact]
    public void Seeds_that_differ_above_32_bits_are_the_same() =>
        Assert.Equal(new MersenneTwister(7).Next(), new MersenneTwister(7 + (1ul << 32)).Next());

    [Fact]
    public void The_least_number_of_queries_decides_the_sequence()
    {
        var settings = Loads.Of(LoadScenario.SingleStream);
        Assert.NotEqual(new SampleOrder(settings).Next(), new SampleOrder(settings with { Queries = 201 }).Next());
    }
}

using MlPerfEdu.Catalog;
using MlPerfEdu.Engine.Inference;
using MlPerfEdu.Roofline.Load;

namespace MlPerfEdu.Workloads.Tests.LoadGen;

public class ServingSettingsTests
{
    // Whoever asks for another scenario than the entry's own gets a run that can be valid.
    [Theory]
    [InlineData(LoadScenario.SingleStream, 64)]
    [InlineData(LoadScenario.MultiStream, 64)]
    [InlineData(LoadScenario.Server, 48)]
    [InlineData(LoadScenario.Offline, 48)]
    public void Queries_are_enough_for_the_percentile_of_the_scenario(LoadScenario scenario, int expected) =>
        Assert.Equal(expected, ServingSession.Settings(Of(48), scenario, 1).Queries);

    [Fact]
    public void An_entry_may_ask_for_more() => Assert.Equal(200, ServingSession.Settings(Of(200), LoadScenario.MultiStream, 1).Queries);

    [Fact]
    public void A_server_that_is_never_late_needs_the_fewest() =>
        Assert.Equal(44, ServingSession.Settings(Of(10), LoadScenario.Server, 1).Queries);

    [Theory]
    [InlineData(LoadScenario.Server, 128)]
    [InlineData(LoadScenario.Offline, 128)]
    [InlineData(LoadScenario.MultiStream, 142)]
    public void Equal_issue_takes_whole_rounds(LoadScenario scenario, int expected) =>
        Assert.Equal(expected, ServingSession.Settings(Of(100) with { EqualIssue = true }, scenario, 1).Queries);

    static Load Of(int queries) => new(queries, 0, 64, 8, 0.9, 1, 1);
}

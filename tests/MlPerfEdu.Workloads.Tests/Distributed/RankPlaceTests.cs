using MlPerfEdu.Workloads.Distributed;
using MlPerfEdu.Workloads.Running;

namespace MlPerfEdu.Workloads.Tests.Distributed;

public class RankPlaceTests
{
    static readonly RankPlace Place = new("node-0", 29500, 3, 4);

    [Fact]
    public void Is_read_from_what_launchers_set()
    {
        var variables = Place.Variables.ToDictionary();

        Assert.Equal(
            [("MASTER_ADDR", "node-0"), ("MASTER_PORT", "29500"), ("RANK", "3"), ("WORLD_SIZE", "4")],
            variables.Select(pair => (pair.Key, pair.Value)));
        Assert.Equal(Place, RankPlace.From(variables.GetValueOrDefault));
    }

    [Theory]
    [InlineData("MASTER_ADDR", null, "found no MASTER_ADDR → expected a value")]
    [InlineData("MASTER_PORT", "0", "found '0' in MASTER_PORT → expected a whole number from 1 to 65535")]
    [InlineData("MASTER_PORT", "http", "found 'http' in MASTER_PORT")]
    [InlineData("RANK", "4", "found '4' in RANK → expected a whole number from 0 to 3")]
    [InlineData("RANK", "-1", "found '-1' in RANK")]
    [InlineData("WORLD_SIZE", "", "found '' in WORLD_SIZE → expected a value")]
    [InlineData("WORLD_SIZE", "0", "found '0' in WORLD_SIZE → expected a whole number from 1")]
    public void Names_the_variable_that_is_wrong(string name, string? value, string message)
    {
        var variables = Place.Variables.ToDictionary(pair => pair.Key, pair => (string?)pair.Value);
        variables[name] = value;
        var wrong = Assert.Throws<RunException>(() => RankPlace.From(variables.GetValueOrDefault));

        Assert.Equal("MLP1530", wrong.Code);
        Assert.Contains(message, wrong.Message);
    }
}

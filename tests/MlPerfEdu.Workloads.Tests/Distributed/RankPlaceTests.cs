using MlPerfEdu.Engine;
using MlPerfEdu.Engine.Distributed;

namespace MlPerfEdu.Workloads.Tests.Distributed;

public class RankPlaceTests
{
    const string Rank = "OMPI_COMM_WORLD_RANK", Size = "OMPI_COMM_WORLD_SIZE";

    [Fact]
    public void Is_read_from_what_mpirun_sets() =>
        Assert.Equal(new RankPlace(3, 4), RankPlace.From(Variables().GetValueOrDefault));

    [Theory]
    [InlineData(Rank, null, "found no OMPI_COMM_WORLD_RANK → expected a whole number from 0 to 3")]
    [InlineData(Rank, "4", "found '4' in OMPI_COMM_WORLD_RANK → expected a whole number from 0 to 3")]
    [InlineData(Rank, "-1", "found '-1' in OMPI_COMM_WORLD_RANK")]
    [InlineData(Rank, "one", "found 'one' in OMPI_COMM_WORLD_RANK")]
    [InlineData(Size, null, "found no OMPI_COMM_WORLD_SIZE → expected a whole number from 1")]
    [InlineData(Size, "", "found no OMPI_COMM_WORLD_SIZE")]
    [InlineData(Size, "0", "found '0' in OMPI_COMM_WORLD_SIZE → expected a whole number from 1")]
    public void Names_the_variable_that_is_wrong(string name, string? value, string message)
    {
        var variables = Variables();
        variables[name] = value;
        var wrong = Assert.Throws<RunException>(() => RankPlace.From(variables.GetValueOrDefault));

        Assert.Equal("MLP1530", wrong.Code);
        Assert.Contains(message, wrong.Message);
    }

    static Dictionary<string, string?> Variables() => new() { [Rank] = "3", [Size] = "4" };
}

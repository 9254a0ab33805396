namespace MlPerfEdu.Workloads.Tests.Cli;

public class RankTests
{
    [Fact]
    public void A_workload_of_one_process_has_no_ranks()
    {
        using var clone = new Clone();
        var answer = Answer.To(clone, "rank first-workload");

        Assert.Equal(2, answer.Exit);
        Assert.StartsWith("error MLP1536: found that 'first-workload' has no ranks", answer.Error);
        Assert.Contains("micro-dlrm-distributed", answer.Error);
    }

    [Fact]
    public void Without_a_place_it_says_who_gives_it_one()
    {
        using var clone = new Clone();
        var answer = Answer.To(
            clone, ["rank", "micro-dlrm-distributed"], services => services with { FindRepository = () => ThisClone.Repository });

        Assert.Equal(4, answer.Exit);
        Assert.StartsWith("error MLP1530: found no OMPI_COMM_WORLD_SIZE", answer.Error);
        Assert.Contains("start the ranks by `mpirun -n 2 …`", answer.Error);
    }

    [Theory]
    [InlineData("rank micro-dlrm-distributed --steps 0")]
    [InlineData("rank micro-dlrm-distributed --steps many")]
    [InlineData("rank")]
    public void A_wrong_command_line_is_refused(string commandLine)
    {
        using var clone = new Clone();
        Assert.Equal(2, Answer.To(clone, commandLine).Exit);
    }
}

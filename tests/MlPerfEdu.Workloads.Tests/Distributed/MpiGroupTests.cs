using MlPerfEdu.Engine;
using MlPerfEdu.Engine.Distributed;

namespace MlPerfEdu.Workloads.Tests.Distributed;

public sealed class MpiGroupTests : IDisposable
{
    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("mlperfedu-ranks-");

    public void Dispose() => folder.Delete(recursive: true);

    [MpiTheory]
    [InlineData(2)]
    [InlineData(4)]
    public void A_sum_is_that_of_all_ranks_on_each_of_them(int size)
    {
        var ranks = size * (size - 1) / 2;
        Assert.All(Run(RankProgram.Sum, size), sum => Assert.Equal($"{size} {ranks} {10 * ranks}", sum));
    }

    [MpiTheory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void A_sum_has_the_same_bits_everywhere(int size) => Assert.Single(Run(RankProgram.Bits, size).Distinct());

    [MpiFact]
    public void A_broadcast_gives_each_rank_the_tensor_of_one() =>
        Assert.All(Run(RankProgram.Broadcast, 3), values => Assert.Equal("2 7", values));

    [MpiTheory]
    [InlineData(2)]
    [InlineData(4)]
    public void Nobody_passes_a_barrier_before_all_have_come(int size) =>
        Assert.All(Run(RankProgram.Barrier, size), came => Assert.Equal($"{size}", came));

    [MpiFact]
    public void Open_MPI_leaves_exceptions_to_dotnet() =>
        Assert.All(Run(RankProgram.NullReference, 2), found => Assert.Equal("caught", found));

    [MpiFact]
    public void What_Open_MPI_refuses_is_said_in_its_words()
    {
        var refused = Assert.Throws<RunException>(() => Run(RankProgram.WrongRoot, 2));

        Assert.Equal("MLP1533", refused.Code);
        Assert.Contains("could not exchange tensors with the others (MPI_ERR_ROOT", refused.Message);
    }

    [MpiFact]
    public void A_rank_that_ends_without_leaving_ends_the_others()
    {
        var ended = Assert.Throws<RunException>(() => Run(RankProgram.EndsEarly, 2));

        Assert.Equal("MLP1534", ended.Code);
        Assert.Contains("found that 2 ranks ended with exit code", ended.Message);
    }

    [MpiFact]
    public void A_rank_that_nobody_joins_does_not_wait_for_ever()
    {
        var alone = Assert.Throws<RunException>(() => Run(RankProgram.NeverJoins, 2));

        Assert.Equal("MLP1532", alone.Code);
        Assert.Contains($"rank 0 of 2 could not meet the others within {RankProgram.Meeting.TotalSeconds} s", alone.Message);
    }

    /// <summary>What each rank found.</summary>
    string[] Run(string role, int size)
    {
        using var team = new RankTeam(Mpi.Here, typeof(RankProgram).Assembly.Location, size, threads: 1, [role, folder.FullName]);
        team.Finish(default);
        return [.. Enumerable.Range(0, size).Select(rank => File.ReadAllText(Path.Combine(folder.FullName, $"{rank}")))];
    }
}

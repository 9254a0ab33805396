using System.Globalization;

namespace MlPerfEdu.Workloads.Distributed;

/// <summary>Where a process stands among several, as mpirun says it.</summary>
public sealed record RankPlace(int Rank, int Size)
{
    const string RankVariable = "OMPI_COMM_WORLD_RANK", SizeVariable = "OMPI_COMM_WORLD_SIZE";

    /// <exception cref="Running.RunException">A variable is missing, or says something impossible.</exception>
    public static RankPlace From(Func<string, string?> variable)
    {
        var size = Number(SizeVariable, 1, 65_536);
        return new(Number(RankVariable, 0, size - 1), size);

        int Number(string name, int least, int most) =>
            int.TryParse(variable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
                ? number
                : throw DistributedErrors.NoPlace(name, variable(name), $"a whole number from {least} to {most}");
    }

    public override string ToString() => $"rank {Rank} of {Size}";
}

using System.Globalization;

namespace MlPerfEdu.Workloads.Distributed;

/// <summary>Where a process stands among several, as common launchers say it.</summary>
public sealed record RankPlace(string Address, int Port, int Rank, int Size)
{
    const string AddressVariable = "MASTER_ADDR", PortVariable = "MASTER_PORT", RankVariable = "RANK", SizeVariable = "WORLD_SIZE";

    /// <exception cref="Running.RunException">A variable is missing, or says something impossible.</exception>
    public static RankPlace From(Func<string, string?> variable)
    {
        var size = Number(SizeVariable, 1, 65_536);
        return new(Text(AddressVariable), Number(PortVariable, 1, ushort.MaxValue), Number(RankVariable, 0, size - 1), size);

        string Text(string name) =>
            variable(name) is { Length: > 0 } text ? text : throw DistributedErrors.NoPlace(name, variable(name), "a value");

        int Number(string name, int least, int most) =>
            int.TryParse(Text(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
                ? number
                : throw DistributedErrors.NoPlace(name, variable(name), $"a whole number from {least} to {most}");
    }

    public IEnumerable<KeyValuePair<string, string>> Variables =>
    [
        new(AddressVariable, Address),
        new(PortVariable, Port.ToString(CultureInfo.InvariantCulture)),
        new(RankVariable, Rank.ToString(CultureInfo.InvariantCulture)),
        new(SizeVariable, Size.ToString(CultureInfo.InvariantCulture)),
    ];

    public override string ToString() => $"rank {Rank} of {Size}";
}

namespace MlPerfEdu.Zoo;

/// <summary>Devices in nodes. A message costs its delay and its bytes over the link that it takes.</summary>
/// <param name="Devices">Of one node.</param>
/// <param name="Inside">Of one device to another of its node, one way.</param>
/// <param name="Between">Of one node to another, for each of its devices.</param>
public sealed record Network(int Devices, int Nodes, ByteRate Inside, ByteRate Between, Duration Delay, Duration BetweenDelay)
{
    public int All => Devices * Nodes;

    /// <summary>What the slowest message of a ring over all devices takes.</summary>
    public ByteRate Slowest => Nodes > 1 ? ByteRate.Min(Inside, Between) : Inside;

    public Duration Longest => Nodes > 1 ? Duration.Max(Delay, BetweenDelay) : Delay;

    /// <exception cref="ZooException">When the device states no link to its peers.</exception>
    public static Network Of(Device device, int devices, int nodes, ByteRate between, Duration delay, Duration betweenDelay)
    {
        var link = device.PeerLink ?? throw ZooErrors.NoPeerLink(device);
        return new(devices, nodes, link.OneWay, between, delay, betweenDelay);
    }

    internal void Check()
    {
        if (Devices < 1) throw ZooErrors.OutOfRange("devices of", Devices, "at least 1");
        if (Nodes < 1) throw ZooErrors.OutOfRange("nodes of", Nodes, "at least 1");
        if (!(Between.Value > 0 && double.IsFinite(Between.Value)))
            throw ZooErrors.OutOfRange("a bandwidth between nodes of", Between.Value, "bytes per second above 0");
        if (!(Delay.Value >= 0 && BetweenDelay.Value >= 0 && double.IsFinite(Longest.Value)))
            throw ZooErrors.OutOfRange("a delay of", Math.Min(Delay.Value, BetweenDelay.Value), "at least 0 seconds");
    }
}

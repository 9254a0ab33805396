namespace MlPerfEdu.Zoo;

/// <summary>Devices in nodes. A message costs its delay and its bytes over the link that it takes.</summary>
/// <param name="Devices">Of one node.</param>
/// <param name="Inside">From one device of a node to another, one way.</param>
/// <param name="Between">From one node to another, for each of its devices.</param>
public sealed record Network(int Devices, int Nodes, ByteRate Inside, ByteRate Between, Duration Delay, Duration BetweenDelay)
{
    public int All => Devices * Nodes;

    /// <summary>Of the slowest message of a ring over all devices.</summary>
    public ByteRate Slowest => Nodes > 1 ? ByteRate.Min(Inside, Between) : Inside;
    public Duration Longest => Nodes > 1 ? Duration.Max(Delay, BetweenDelay) : Delay;

    /// <exception cref="ZooException">When the device states no link to its peers.</exception>
    public static Network Of(Device device, int devices, int nodes, ByteRate between, Duration delay, Duration betweenDelay) =>
        new(devices, nodes, (device.PeerLink ?? throw ZooErrors.NoPeerLink(device)).OneWay, between, delay, betweenDelay);

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

/// <summary>One collective operation on what a model has to exchange.</summary>
/// <param name="Bytes">Of the whole, which every device has or gets.</param>
public sealed record Exchange(string Name, string Purpose, ByteCount Bytes, Duration Time);

/// <summary>What devices that train or serve one model have to exchange.</summary>
public static class Exchanges
{
    /// <param name="tokens">Of one batch, for the traffic of experts.</param>
    public static IReadOnlyList<Exchange> Of(Model model, Dtype dtype, Network network, int tokens)
    {
        network.Check();
        if (tokens < 1) throw ZooErrors.OutOfRange("a batch of", tokens, "at least 1");
        var (all, link, delay) = (network.All, network.Slowest, network.Longest);
        var gradients = model.Parameters.As(dtype);
        List<Exchange> exchanges =
        [
            new("ring all-reduce", "gradients of all devices", gradients, Collectives.RingAllReduce(gradients, all, link, delay)),
            new("tree all-reduce", "gradients of all devices", gradients, Collectives.TreeAllReduce(gradients, all, link, delay)),
            new("all-gather", "weights that ZeRO 3 divides", gradients, Collectives.AllGather(gradients, all, link, delay)),
        ];
        if (network.Nodes > 1)
            exchanges.Insert(2, new("hierarchical all-reduce", "gradients, first within nodes", gradients, Collectives.HierarchicalAllReduce(
                gradients, network.Devices, network.Nodes, network.Inside, network.Between, network.Delay, network.BetweenDelay)));
        if (model.Architecture == Architecture.SparseMoe)
            exchanges.Add(new("all-to-all", "tokens to experts and back", ExpertTraffic.Bytes(model, dtype, tokens),
                ExpertTraffic.Time(model, dtype, tokens, all, link, delay)));
        return exchanges;
    }
}

/// <summary>A sparse model spread over devices: tokens travel to their experts and back, in every layer.</summary>
public static class ExpertTraffic
{
    /// <summary>Bytes that all tokens of a batch send, both ways.</summary>
    public static ByteCount Bytes(Model model, Dtype dtype, int tokens)
    {
        if (model is not { Architecture: Architecture.SparseMoe, Layers: { } layers, Hidden: { } hidden, ExpertsPerToken: { } chosen })
            throw ZooErrors.NotStated(model, "experts, layers and hidden");
        return new(2.0 * layers * chosen * hidden * tokens * dtype.Bytes());
    }

    /// <summary>Two exchanges per layer; each device sends its own tokens.</summary>
    public static Duration Time(Model model, Dtype dtype, int tokens, int devices, ByteRate link, Duration delay)
    {
        var exchanges = 2.0 * (model.Layers ?? 1);
        var each = Bytes(model, dtype, tokens) * (1 / (exchanges * devices));
        return Collectives.AllToAll(each, devices, link, delay) * exchanges;
    }
}

/// <summary>Time of the collective operations: each message pays a delay and its bytes over the link.</summary>
public static class Collectives
{
    public static Duration RingAllReduce(ByteCount bytes, int devices, ByteRate link, Duration delay) =>
        (bytes * (2.0 * (Checked(devices) - 1) / devices) / link) + (delay * (2.0 * (devices - 1)));

    public static Duration TreeAllReduce(ByteCount bytes, int devices, ByteRate link, Duration delay) =>
        ((bytes / link) + delay) * (2 * Math.Ceiling(Math.Log2(Checked(devices))));

    /// <summary>Half of an all-reduce: every device ends with its part, or begins with it.</summary>
    public static Duration AllGather(ByteCount bytes, int devices, ByteRate link, Duration delay) =>
        (bytes * ((Checked(devices) - 1.0) / devices) / link) + (delay * (devices - 1.0));

    public static Duration AllToAll(ByteCount bytes, int devices, ByteRate link, Duration delay) => AllGather(bytes, devices, link, delay);

    /// <summary>Within each group, then one ring across the groups with a share of the bytes, then within each group again.</summary>
    public static Duration HierarchicalAllReduce(
        ByteCount bytes, int perGroup, int groups, ByteRate inside, ByteRate between, Duration insideDelay, Duration betweenDelay) =>
        (AllGather(bytes, perGroup, inside, insideDelay) * 2) + RingAllReduce(bytes * (1.0 / perGroup), groups, between, betweenDelay);

    /// <summary>Share of a pipeline's time in which stages wait.</summary>
    public static double PipelineBubble(int stages, int microbatches, int interleaved = 1)
    {
        if (microbatches < 1) throw ZooErrors.OutOfRange("microbatches of", microbatches, "at least 1");
        if (interleaved < 1) throw ZooErrors.OutOfRange("an interleaving of", interleaved, "at least 1");
        return (Checked(stages) - 1.0) / (((double)interleaved * microbatches) + stages - 1);
    }

    static int Checked(int devices) => devices >= 1 ? devices : throw ZooErrors.OutOfRange("devices of", devices, "at least 1");
}

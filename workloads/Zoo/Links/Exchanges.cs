namespace MlPerfEdu.Zoo;

/// <summary>One collective operation on what a model has to exchange.</summary>
/// <param name="Bytes">Of the whole, which every device has or gets.</param>
public sealed record Exchange(string Name, string Purpose, ByteCount Bytes, Duration Time);

/// <summary>What devices that train or serve one model have to tell each other.</summary>
public static class Exchanges
{
    /// <param name="tokens">Of one batch, for the traffic of experts.</param>
    public static IReadOnlyList<Exchange> Of(Model model, Dtype dtype, Network network, int tokens)
    {
        network.Check();
        if (tokens < 1) throw ZooErrors.OutOfRange("a batch of", tokens, "at least 1");
        var (all, link, delay) = (network.All, network.Slowest, network.Longest);
        var gradients = model.Parameters.As(dtype);
        List<Exchange> found =
        [
            new("ring all-reduce", "gradients of all devices", gradients, Collectives.RingAllReduce(gradients, all, link, delay)),
            new("tree all-reduce", "gradients of all devices", gradients, Collectives.TreeAllReduce(gradients, all, link, delay)),
            new("all-gather", "weights that ZeRO 3 divides", gradients, Collectives.AllGather(gradients, all, link, delay)),
        ];
        if (network.Nodes > 1)
        {
            found.Insert(2, new("hierarchical all-reduce", "gradients, first within nodes", gradients, Collectives.HierarchicalAllReduce(
                gradients, network.Devices, network.Nodes, network.Inside, network.Between, network.Delay, network.BetweenDelay)));
        }

        if (model.Architecture == Architecture.SparseMoe)
        {
            found.Add(new("all-to-all", "tokens to experts and back", ExpertTraffic.Bytes(model, dtype, tokens),
                ExpertTraffic.Time(model, dtype, tokens, all, link, delay)));
        }

        return found;
    }
}

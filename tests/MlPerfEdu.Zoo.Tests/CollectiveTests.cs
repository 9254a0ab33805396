namespace MlPerfEdu.Zoo.Tests;

public class CollectiveTests
{
    static readonly ByteCount Bytes = new(1e9);
    static readonly ByteRate Link = new(100e9);
    static readonly Duration Delay = new(1e-6);

    [Fact]
    public void Take_what_their_messages_take()
    {
        Assert.Equal((2 * 7.0 / 8 * 0.01) + 14e-6, Collectives.RingAllReduce(Bytes, 8, Link, Delay).Value, 12);
        Assert.Equal(6 * (0.01 + 1e-6), Collectives.TreeAllReduce(Bytes, 8, Link, Delay).Value, 12);
        Assert.Equal(6 * (0.01 + 1e-6), Collectives.TreeAllReduce(Bytes, 5, Link, Delay).Value, 12);
        Assert.Equal((7.0 / 8 * 0.01) + 7e-6, Collectives.AllToAll(Bytes, 8, Link, Delay).Value, 12);
        Assert.Equal(0.2, Collectives.PipelineBubble(3, 8), 12);
        Assert.Equal(1.0 / 9, Collectives.PipelineBubble(3, 8, 2), 12);
    }

    [Fact]
    public void One_device_has_nobody_to_talk_to() => Assert.Equal(
        (0, 0, 0, 0),
        (Collectives.RingAllReduce(Bytes, 1, Link, Delay).Value, Collectives.TreeAllReduce(Bytes, 1, Link, Delay).Value,
            Collectives.AllToAll(Bytes, 1, Link, Delay).Value, Collectives.PipelineBubble(1, 8)));

    [Fact]
    public void Two_levels_of_one_kind_take_what_a_ring_takes()
    {
        var none = default(Duration);
        Assert.Equal(
            Collectives.RingAllReduce(Bytes, 64, Link, none).Value, Collectives.HierarchicalAllReduce(Bytes, 8, 8, Link, Link, none, none)
            .Value, 12);
        var fast = Collectives.HierarchicalAllReduce(Bytes, 8, 8, Link * 10, Link, none, none);
        Assert.True(fast < Collectives.RingAllReduce(Bytes, 64, Link, none));
    }

    [Fact]
    public void A_model_exchanges_its_gradients_and_a_sparse_one_its_tokens()
    {
        Network node = new(8, 1, Link, Link * 0.1, Delay, Delay * 5), cluster = node with { Nodes = 4 };
        var dense = Exchanges.Of(ModelZoo.BuiltIn["llama3-8b"], Dtype.Fp16, node, 1);
        Assert.Equal(["ring all-reduce", "tree all-reduce", "all-gather"], dense.Select(exchange => exchange.Name));
        Assert.Equal(Collectives.RingAllReduce(new(2 * 8.03e9), 8, Link, Delay), dense[0].Time);
        var sparse = Exchanges.Of(ModelZoo.BuiltIn["mixtral-8x7b"], Dtype.Fp16, cluster, 512);
        Assert.Equal(
            ["ring all-reduce", "tree all-reduce", "hierarchical all-reduce", "all-gather", "all-to-all"], sparse.Select(exchange => exchange.Name));
        // A ring over all devices goes at the pace of the network; within nodes, most bytes take the fast link.
        Assert.Equal(Collectives.RingAllReduce(new(2 * 46.7e9), 32, Link * 0.1, Delay * 5), sparse[0].Time);
        Assert.True(sparse[2].Time.Value < sparse[0].Time.Value / 2);
    }

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(8, 0, 1)]
    [InlineData(8, 1, 0)]
    public void Exchanges_of_nothing_are_refused(int devices, int nodes, int tokens) => Assert.Equal("MLP2213", Assert.Throws<ZooException>(
        () => Exchanges.Of(ModelZoo.BuiltIn["llama3-8b"], Dtype.Fp16, new(devices, nodes, Link, Link, Delay, Delay), tokens)).Code);

    [Fact]
    public void A_link_stated_for_both_directions_gives_each_a_half() =>
        Assert.Equal((300e9, 32e9), (SiliconZoo.BuiltIn["a100"].PeerLink!.OneWay.Value, SiliconZoo.BuiltIn["a100"].HostLink!.OneWay.Value));

    [Fact]
    public void No_device_is_refused() =>
        Assert.Equal("MLP2213", Assert.Throws<ZooException>(() => Collectives.RingAllReduce(Bytes, 0, Link, Delay)).Code);
}

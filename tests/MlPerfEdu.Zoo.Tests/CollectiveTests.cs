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
    public void A_link_stated_for_both_directions_gives_each_a_half() =>
        Assert.Equal((300e9, 32e9), (SiliconZoo.BuiltIn["a100"].PeerLink!.OneWay.Value, SiliconZoo.BuiltIn["a100"].HostLink!.OneWay.Value));

    [Fact]
    public void No_device_is_refused() =>
        Assert.Equal("MLP2213", Assert.Throws<ZooException>(() => Collectives.RingAllReduce(Bytes, 0, Link, Delay)).Code);
}

using MlPerfEdu.Roofline.Peaks;
using TorchSharp;

namespace MlPerfEdu.Roofline.Tests.Peaks;

[Collection("libtorch")]
public class TorchProbeTests
{
    [Fact]
    public void Probes_run_on_the_real_library_also_inside_a_scope_that_ends()
    {
        using var probe = new TorchProbe();
        using (torch.NewDisposeScope())
            Assert.True(probe.GemmSeconds(64) > 0);

        Assert.True(probe.GemmSeconds(64) > 0);
        // Four elements against 268 million operations.
        var product = probe.GemmSeconds(512);
        Assert.True(probe.EmptyOperatorSeconds() is var empty && empty > 0 && empty < product, $"{empty} s against {product} s");
        Assert.True(probe.SmallAllocationSeconds() is var small && small > 0 && small < product, $"{small} s against {product} s");
        Assert.InRange(probe.Threads, 1, Environment.ProcessorCount);
        Assert.Contains(torch.__version__, probe.Backend, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(PeakKind.Gemm)]
    [InlineData(PeakKind.GemmBf16)]
    [InlineData(PeakKind.GemmInt8)]
    public void A_type_is_multiplied_or_refused_with_a_reason(PeakKind type)
    {
        using var probe = new TorchProbe();

        Assert.True(probe.Missing(type) is { Length: > 0 } || probe.GemmSeconds(64, type) > 0);
        if (type == PeakKind.Gemm)
            Assert.Null(probe.Missing(type));
    }

    [Fact]
    public void Threads_can_be_changed_and_are_put_back_by_the_caller()
    {
        using var probe = new TorchProbe();
        var before = probe.Threads;
        probe.UseThreads(1);
        Assert.Equal(1, probe.Threads);
        probe.UseThreads(before);

        Assert.Equal(before, probe.Threads);
    }

    [Fact]
    public void Memory_is_timed_one_tensor_at_a_time()
    {
        using var probe = new TorchProbe();

        Assert.Equal(3, probe.FirstTouchSeconds(1 << 20, 3).Count(seconds => seconds > 0));
        Assert.True(probe.AllocatedAgainSeconds(1 << 20) > 0);
        Assert.True(probe.RefillSeconds(1 << 20) > 0);
    }
}

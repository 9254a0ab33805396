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
        Assert.InRange(probe.EmptyOperatorSeconds(), 1e-8, 1e-3);
        Assert.InRange(probe.Threads, 1, Environment.ProcessorCount);
        Assert.Contains(torch.__version__, probe.Backend, StringComparison.Ordinal);
    }
}

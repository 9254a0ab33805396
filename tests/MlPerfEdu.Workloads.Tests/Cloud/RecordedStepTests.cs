using MlPerfEdu.Roofline.Count;
using MlPerfEdu.Roofline.Torch;

namespace MlPerfEdu.Workloads.Tests.Cloud;

public class RecordedStepTests
{
    [Theory]
    [InlineData("anomaly-ae-train")]
    [InlineData("dscnn-kws-train")]
    [InlineData("wake-vision-vww")]
    [InlineData("micro-gnn-train")]
    [InlineData("micro-rl-train")]
    [InlineData("micro-dlrm-train")]
    [InlineData("nano-moe-train")]
    [InlineData("micro-diffusion-train")]
    [InlineData("micro-dlrm-dram-train")]
    public void Libtorch_runs_the_products_that_the_layers_count(string id)
    {
        var recorder = new TorchRecorder();
        if (recorder.Unavailable is not null) return;
        using var workload = Embedded.Create(id);
        foreach (var batch in (int[])[workload.Batch, 2 * workload.Batch])
        {
            using var step = workload.Prepare(batch);
            Assert.Empty(RecordedCount.Differences(step.Count, recorder.Record(step.Step)));
        }
    }
}

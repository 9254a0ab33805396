namespace MlPerfEdu.Workloads.Tests.Training;

public class DeterminismTests
{
    const int Steps = 6;

    [Theory]
    [InlineData("anomaly-ae-train")]
    [InlineData("dscnn-kws-train")]
    [InlineData("wake-vision-vww")]
    [InlineData("micro-gnn-train")]
    [InlineData("micro-rl-train")]
    [InlineData("micro-dlrm-train")]
    [InlineData("nanogpt-train")]
    public void A_seed_decides_every_bit_of_every_loss(string id)
    {
        using var workload = Embedded.Create(id);
        var first = Losses(seed: 4);
        Assert.Equal(first, Losses(seed: 4));
        Assert.NotEqual(first, Losses(seed: 5));

        int[] Losses(int seed)
        {
            using var run = workload.Begin(seed);
            return [.. Enumerable.Range(0, Steps).Select(_ => BitConverter.SingleToInt32Bits(run.Step(1e-3)))];
        }
    }
}

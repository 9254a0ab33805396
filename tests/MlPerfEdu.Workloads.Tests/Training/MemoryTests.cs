using MlPerfEdu.Engine.Running;

namespace MlPerfEdu.Workloads.Tests.Training;

public class MemoryTests(ITestOutputHelper output)
{
    const int WarmUp = 100, Steps = 1000;
    const long Allowed = 12L << 20;

    // AdamW, and Adam.
    [Theory]
    [InlineData("anomaly-ae-train")]
    [InlineData("micro-gnn-train")]
    public void A_thousand_steps_keep_no_memory(string id)
    {
        using var workload = Embedded.Create(id);
        using var run = workload.Begin(1);
        for (var i = 0; i < WarmUp; i++) run.Step(1e-3);
        var before = Resident();
        for (var i = 0; i < Steps; i++) run.Step(1e-3);
        var grown = Resident() - before;
        output.WriteLine($"{grown:N0} bytes more after {Steps} steps");
        // A step's activations and gradients are 4.5 MB: keeping a hundredth of them would show.
        Assert.True(grown < Allowed, $"{grown:N0} bytes more after {Steps} steps, expected less than {Allowed:N0}");
    }

    // Without what malloc keeps for the next step.
    static long Resident()
    {
        RunEnvironment.ReleaseUnusedMemory();
        return Environment.WorkingSet;
    }
}

using MlPerfEdu.Engine.Running;

namespace MlPerfEdu.Workloads.Tests.Training;

public class MemoryTests(ITestOutputHelper output)
{
    const int WarmUp = 100, Steps = 1000;
    const long Allowed = 12L << 20;

    [Theory]
    [InlineData("anomaly-ae-train", "adamw")]
    [InlineData("anomaly-ae-train", "muon")]
    [InlineData("micro-gnn-train", "adam")]
    public void A_thousand_steps_keep_no_memory(string id, string optimizer)
    {
        using var workload = Embedded.Create(id, recipe => recipe with { Optimizer = optimizer, MatrixLearningRate = 1e-3, Momentum = 0.9 });
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

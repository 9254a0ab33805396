namespace MlPerfEdu.Workloads.Tests.Training;

public class MemoryTests(ITestOutputHelper output)
{
    const int WarmUp = 100, Steps = 1000;
    const long Allowed = 24L << 20;

    [Fact]
    public void A_thousand_steps_keep_no_memory()
    {
        using var workload = Embedded.Create("anomaly-ae-train");
        using var run = workload.Begin(1);
        for (var i = 0; i < WarmUp; i++) run.Step(1e-3);
        var before = Resident();
        for (var i = 0; i < Steps; i++) run.Step(1e-3);
        var grown = Resident() - before;
        output.WriteLine($"{grown:N0} bytes more after {Steps} steps");
        // A step's activations and gradients are 4.5 MB: keeping a hundredth of them would show.
        Assert.True(grown < Allowed, $"{grown:N0} bytes more after {Steps} steps, expected less than {Allowed:N0}");
    }

    static long Resident()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return Environment.WorkingSet;
    }
}

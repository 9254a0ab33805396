using System.Diagnostics;

namespace MlPerfEdu.Zoo.Tests;

public class SpeedTests(ITestOutputHelper output)
{
    const int Predictions = 1_000_000;

    [Theory]
    [InlineData(Rules.Ours)]
    [InlineData(Rules.Reference)]
    public void A_million_predictions_take_less_than_two_seconds_and_no_memory(Rules rules)
    {
        string[] ids = ["llama3-8b", "resnet50", "mixtral-8x7b", "mamba-2-8b", "stable-diffusion-v1-5"];
        Model[] models = [.. ids.Select(id => ModelZoo.BuiltIn[id])];
        Device[] devices = [.. SiliconZoo.BuiltIn.Devices];
        Run(models, devices, rules, 200_000);

        var (seconds, allocated) = (double.MaxValue, long.MaxValue);
        // The best of three: another process may have had the core.
        for (var round = 0; round < 3; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var clock = Stopwatch.GetTimestamp();
            Run(models, devices, rules, Predictions);
            seconds = Math.Min(seconds, Stopwatch.GetElapsedTime(clock).TotalSeconds);
            allocated = Math.Min(allocated, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        output.WriteLine($"{Predictions:N0} predictions in {seconds:0.000} s, {allocated} bytes allocated");
        Assert.True(seconds < 2, $"{seconds:0.00} s");
        Assert.Equal(0, allocated);
    }

    static double Run(Model[] models, Device[] devices, Rules rules, int count)
    {
        var sum = 0.0;
        for (var i = 0; i < count; i++)
        {
            var model = models[i % models.Length];
            var context = model.Generates ? i % 4096 : 0;
            var question = new Question(model, devices[i % devices.Length]) { Batch = 1 + (i % 64), Context = context, Rules = rules };
            sum += SingleNode.Solve(question).Latency.Value;
        }
        return sum;
    }
}

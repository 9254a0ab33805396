namespace MlPerfEdu.Zoo.Tests;

public class AllocationTests
{
    const int Predictions = 100_000;

    [Theory]
    [InlineData(Rules.Ours)]
    [InlineData(Rules.Reference)]
    public void Predictions_take_no_memory(Rules rules)
    {
        string[] ids = ["llama3-8b", "resnet50", "mixtral-8x7b", "mamba-2-8b", "stable-diffusion-v1-5"];
        Model[] models = [.. ids.Select(id => ModelZoo.BuiltIn[id])];
        Device[] devices = [.. SiliconZoo.BuiltIn.Devices];

        // The best of three: the runtime allocates for its own purposes now and then.
        var allocated = Enumerable.Range(0, 3).Min(_ =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Run(models, devices, rules, Predictions);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        });
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

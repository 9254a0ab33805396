using MlPerfEdu.Catalog;
using MlPerfEdu.Data;
using MlPerfEdu.Engine;
using MlPerfEdu.Engine.Checkpoints;
using MlPerfEdu.Engine.Running;

namespace MlPerfEdu.Workloads.Tests.Checkpoints;

/// <summary>The smallest workload, trained for two steps to a target that anything meets.</summary>
public sealed class SharedWeightsTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("mlperfedu-weights-").FullName;
    readonly CheckpointStore store;
    readonly SharedWeights weights;
    readonly Lines progress = new();
    int trained;

    public SharedWeightsTests()
    {
        store = new(Path.Combine(folder, "checkpoints"));
        weights = new(store, DataStore.Open());
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    RunOptions Options => new() { EvidenceFolder = Path.Combine(folder, "evidence") };

    static WorkloadEntry Quick(double target = 0)
    {
        var entry = ThisClone.Entry("anomaly-ae-train");
        var choice = entry.Data.Single(of => of.Tier == "embedded");
        return entry with
        {
            Data = [choice with
            {
                QualityTarget = choice.QualityTarget with { Limit = target },
                Recipe = choice.Recipe with { Epochs = 1, BatchesPerEpoch = 2 },
            }],
        };
    }

    Checkpoint Get(WorkloadEntry entry, int seed = 1) => weights.LoadOrTrain(entry, Options with { Seed = seed }, Train, progress);

    void Train(WorkloadEntry entry, RunOptions options)
    {
        Interlocked.Increment(ref trained);
        using var runner = new WorkloadRunner(ThisClone.Repository, ThisClone.Catalog, store);
        runner.Run(entry, options, progress);
    }

    [Fact]
    public void Are_trained_once_and_found_afterwards()
    {
        var first = Get(Quick());
        var second = Get(Quick());
        Assert.Equal(1, trained);
        Assert.Equal(first.WeightsPath, second.WeightsPath);
        Assert.Equal(first.Record.WeightsSha256, second.Record.WeightsSha256);
        Assert.Single(Directory.GetFiles(Options.EvidenceFolder));
    }

    [Fact]
    public void Other_settings_are_trained_for_again()
    {
        Get(Quick());
        var entry = Quick();
        Get(entry with { Data = [entry.Data[0] with { Recipe = entry.Data[0].Recipe with { LearningRate = 2e-3 } }] });
        Assert.Equal(2, trained);
    }

    [Fact]
    public void Another_seed_has_weights_of_its_own()
    {
        Assert.NotEqual(Get(Quick()).Record.WeightsSha256, Get(Quick(), seed: 2).Record.WeightsSha256);
        Assert.Equal(2, trained);
    }

    [Fact]
    public void Damaged_ones_are_named_and_trained_again()
    {
        var path = Get(Quick()).WeightsPath;
        var good = File.ReadAllBytes(path);
        File.WriteAllBytes(path, [.. good[..^1], (byte)(good[^1] ^ 1)]);

        Assert.Equal(path, Get(Quick()).WeightsPath);
        Assert.Equal(2, trained);
        // A seed decides every bit, so the same weights come back.
        Assert.Equal(good, File.ReadAllBytes(path));
        Assert.Contains(progress.All, line => line.Contains($"{path} is damaged", StringComparison.Ordinal) && line.Contains("trained again", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Two_at_once_train_them_once()
    {
        var both = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() => Get(Quick()))));
        Assert.Equal(1, trained);
        Assert.Equal(both[0].Record.WeightsSha256, both[1].Record.WeightsSha256);
    }

    [Fact]
    public void Weights_that_miss_the_target_are_not_kept()
    {
        var error = Assert.Throws<RunException>(() => Get(Quick(target: 2)));
        Assert.Equal("MLP1520", error.Code);
        Assert.Empty(Directory.GetFiles(store.Folder, "*.weights"));
    }

    sealed class Lines : IRunProgress
    {
        readonly List<string> lines = [];

        public IEnumerable<string> All => lines;

        public void Report(string phase, double share, string detail)
        {
            lock (lines) lines.Add(detail);
        }
    }
}

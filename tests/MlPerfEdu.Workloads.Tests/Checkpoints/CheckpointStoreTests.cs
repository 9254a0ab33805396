using MlPerfEdu.Engine.Checkpoints;
using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Workloads.Tests.Cli;
using static TorchSharp.torch.nn;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Tests.Checkpoints;

public sealed class CheckpointStoreTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("mlperfedu-checkpoints-").FullName;
    readonly Clone clone = new();
    readonly CheckpointStore store;

    public CheckpointStoreTests() => store = new(folder);

    public void Dispose()
    {
        clone.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    EvidenceRecord Evidence => SampleEvidence.Of(clone.Entry(Clone.First), "2026-01-01T00-00-00Z");

    static CheckpointKey Key(int seed = 1, string data = "aa") =>
        new("some-train", "e1", new Dictionary<string, string> { ["recipe.Batch"] = "8" }, "some-data", new Dictionary<string, string> { ["a.bin"] = data }, seed, "1.13");

    static Module<Tensor, Tensor> Model(int seed)
    {
        random.manual_seed(seed);
        return Linear(7, 5);
    }

    static bool Same(Module first, Module second) =>
        first.parameters().Zip(second.parameters()).All(pair => pair.First.bytes.SequenceEqual(pair.Second.bytes));

    Checkpoint Kept(CheckpointKey key, Module model) => store.Keep(key, store.KeepWeights(model), Evidence);

    string Only(string pattern) => Assert.Single(Directory.GetFiles(folder, pattern));

    static void FlipAByte(string path)
    {
        var bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(path, bytes);
    }

    [Fact]
    public void Weights_come_back_bit_for_bit_with_the_evidence_they_belong_to()
    {
        using var trained = Model(1);
        using var fresh = Model(2);
        Kept(Key(), trained);

        var found = store.Find(Key()).Found!;
        Assert.False(Same(trained, fresh));
        found.LoadInto(fresh);
        Assert.True(Same(trained, fresh));
        Assert.Equal((Evidence.ContentSha256, Evidence.TrajectorySha256), (found.Record.EvidenceSha256, found.Record.TrajectorySha256));
    }

    [Fact]
    public void Another_seed_or_other_data_has_no_weights()
    {
        using var trained = Model(1);
        Kept(Key(), trained);
        Assert.Null(store.Find(Key(seed: 2)).Found);
        Assert.Null(store.Find(Key(data: "ab")).Found);
        Assert.False(store.Find(Key(seed: 2)).Damaged);
    }

    [Theory]
    [InlineData("*.weights")]
    [InlineData("*.json")]
    public void A_changed_byte_is_found_and_its_file_named(string pattern)
    {
        using var trained = Model(1);
        Kept(Key(), trained);
        FlipAByte(Only(pattern));

        var lookup = store.Find(Key());
        Assert.True(lookup.Damaged);
        Assert.Null(lookup.Found);
        Assert.Contains(Only(pattern), lookup.Why);
    }

    [Fact]
    public void Weights_that_are_gone_are_missed()
    {
        using var trained = Model(1);
        Kept(Key(), trained);
        var path = Only("*.weights");
        File.Delete(path);
        Assert.Contains($"{path} is damaged", store.Find(Key()).Why);
    }

    [Fact]
    public void Keeping_again_replaces_what_was_damaged()
    {
        using var trained = Model(1);
        Kept(Key(), trained);
        FlipAByte(Only("*.weights"));
        FlipAByte(Only("*.json"));

        Kept(Key(), trained);
        Assert.NotNull(store.Find(Key()).Found);
        _ = Only("*.json");
    }

    [Fact]
    public void Weights_without_a_record_are_not_found()
    {
        using var trained = Model(1);
        store.KeepWeights(trained);
        Assert.Null(store.Find(Key()).Found);
    }

    [Fact]
    public async Task Many_at_once_leave_one_that_can_be_used_and_nothing_half_written()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            using var trained = Linear(64, 64);
            for (var i = 0; i < 4; i++) Kept(Key(), trained);
        })));

        Assert.NotNull(store.Find(Key()).Found);
        Assert.DoesNotContain(Directory.GetFiles(folder), path => Path.GetFileName(path) is ['.', ..] and not ".lock");
    }

    [Fact]
    public void Only_the_newest_of_a_workload_are_kept()
    {
        using var trained = Model(1);
        for (var seed = 0; seed < 20; seed++)
        {
            Kept(Key(seed), trained);
            // The system's clock may be too coarse to tell them apart.
            File.SetLastWriteTimeUtc(Directory.GetFiles(folder, "*.json").MaxBy(File.GetLastWriteTimeUtc)!, DateTime.UtcNow.AddMinutes(seed - 60));
        }

        Assert.Equal(12, Directory.GetFiles(folder, "*.json").Length);
        Assert.NotNull(store.Find(Key(19)).Found);
        Assert.Null(store.Find(Key(0)).Found);
    }

    [Fact]
    public void Weights_that_no_record_names_any_more_go_after_a_while()
    {
        using var first = Model(1);
        using var second = Model(2);
        Kept(Key(), first);
        var old = Only("*.weights");
        Kept(Key(), second);
        Assert.True(File.Exists(old));

        File.SetLastWriteTimeUtc(old, DateTime.UtcNow.AddDays(-1));
        Kept(Key(), second);
        Assert.False(File.Exists(old));
        Assert.NotNull(store.Find(Key()).Found);
    }
}

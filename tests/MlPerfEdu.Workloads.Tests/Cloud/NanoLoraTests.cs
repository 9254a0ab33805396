using MlPerfEdu.Catalog;
using MlPerfEdu.Data;
using MlPerfEdu.Engine;
using MlPerfEdu.Engine.Training;
using MlPerfEdu.Roofline.Count;
using MlPerfEdu.Roofline.Torch;
using MlPerfEdu.Workloads.Cloud.NanoGpt;
using MlPerfEdu.Workloads.Cloud.NanoLoraFinetune;
using TorchSharp;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Tests.Cloud;

public class NanoLoraTests
{
    const int Layers = 3, Width = 32, Rank = 4, Window = 24, Batch = 5, Steps = 6;

    // Of the largest number of a gradient.
    const double Tolerance = 1e-5;

    static readonly LoraGeometry Small = new(Rank, Alpha: 6);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Its_results_and_gradients_are_those_of_its_plain_form(bool inputHasGradient)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(1);
        var frozen = nn.Linear(20, 33);
        foreach (var parameter in frozen.parameters()) parameter.requires_grad = false;
        LoraAdapter fused = new(20, 33, Small), plain = Book.Plain(new LoraAdapter(20, 33, Small));
        foreach (var ((_, to), from) in fused.named_parameters().Zip(plain.parameters()))
        {
            using var mode = no_grad();
            to.copy_(from.copy_(randn(from.shape)));
        }

        var (ours, book) = (randn(7, 20), randn(0));
        book = ours.clone();
        var weights = randn(7, 33);
        foreach (var (adapter, x) in new[] { (fused, ours), (plain, book) })
        {
            x.requires_grad = inputHasGradient;
            (adapter.call(x, frozen) * weights).sum().backward();
        }

        Close(plain.call(book, frozen), fused.call(ours, frozen));
        if (inputHasGradient) Close(book.grad!, ours.grad!);
        Assert.All(plain.parameters().Zip(fused.parameters()), pair => Close(pair.First.grad!, pair.Second.grad!));
        Assert.All(frozen.parameters(), parameter => Assert.Null(parameter.grad));

        static void Close(Tensor expected, Tensor found) =>
            Assert.InRange((found - expected).abs().max().item<float>(), 0, Tolerance * expected.abs().max().item<float>());
    }

    [Fact]
    public void The_entry_trains_as_many_numbers_as_it_says()
    {
        using var workload = (NanoLoraWorkload)Embedded.Create("nano-lora-finetune");
        Assert.Equal((294_912, 88_300_032), (workload.Parameters, workload.FrozenNumbers));
        Assert.Equal(294_912, ThisClone.Entry("nano-lora-finetune").Params);
    }

    [Fact]
    public void Libtorch_runs_the_products_that_the_layers_count()
    {
        var recorder = new TorchRecorder();
        if (recorder.Unavailable is not null) return;
        using var workload = Create();
        foreach (var batch in (int[])[Batch, 2 * Batch])
        {
            using var step = workload.Prepare(batch);
            Assert.Empty(RecordedCount.Differences(step.Count, recorder.Record(step.Step)));
        }
    }

    [Fact]
    public void No_product_is_for_the_gradient_of_a_frozen_weight()
    {
        using var workload = Create();
        using var step = workload.Prepare(Batch);
        var frozen = step.Count.Layers.Where(layer => layer.FrozenParameters > 0).ToArray();
        Assert.Equal(workload.FrozenNumbers, frozen.Sum(layer => layer.FrozenParameters));
        Assert.All(frozen, layer => Assert.Equal(default, layer.WeightGradient));
        // A and B of every layer.
        Assert.Equal(2L * Layers * Batch * Window * Rank * (Width + 3 * Width), step.Count.WeightGradientFlops);
        Assert.Equal(Layers * Rank * (Width + 3 * Width), step.Count.Parameters);
    }

    [Fact]
    public void Training_leaves_the_base_as_it_was_and_changes_what_the_model_says()
    {
        using var workload = Create();
        var before = workload.Nats(Predict(workload), default);
        using (var run = workload.Begin(seed: 1))
        {
            for (var i = 0; i < Steps; i++) run.Step(1e-2);
            Assert.NotEqual(before, workload.Nats(((IModelRun)run).Model is NanoLoraModel model ? model.call : throw new InvalidOperationException(), default));
        }
        Assert.Equal(before, workload.Nats(Predict(workload), default));
        // Its base is random here, and it says so.
        Assert.Equal(["the base is a trained model"], workload.CheckInvariants().Where(line => !line.Holds).Select(line => line.Name));
    }

    [Fact]
    public void Weights_with_the_changes_added_say_the_same_and_are_put_back()
    {
        using var workload = Create();
        using var run = workload.Begin(seed: 1);
        for (var i = 0; i < Steps; i++) run.Step(1e-2);
        var scores = run.Evaluate();
        Assert.InRange(scores.Metrics["merged_error"], 1e-9, 1e-4);
        Assert.True(workload.CheckInvariants().Single(line => line.Name.Contains("bit for bit", StringComparison.Ordinal)).Holds);
    }

    [Fact]
    public void It_is_compared_with_the_same_training_of_every_weight()
    {
        using var workload = Create();
        workload.TrainOther(seed: 1, new Silent(), default);
        using var run = workload.Begin(seed: 1);
        var untrained = run.Evaluate().Metrics;
        Assert.Equal(0, untrained["loss_drop_share"]);
        Assert.True(untrained["cross_entropy_full"] < untrained["cross_entropy_base"]);

        for (var i = 0; i < Steps; i++) run.Step(1e-2);
        var metrics = run.Evaluate().Metrics;
        Assert.Equal(untrained["cross_entropy_full"], metrics["cross_entropy_full"]);
        Assert.Equal(
            (metrics["cross_entropy_base"] - metrics["cross_entropy"]) / (metrics["cross_entropy_base"] - metrics["cross_entropy_full"]),
            metrics["loss_drop_share"], 1e-9);
        // Three numbers of four bytes for each that is trained.
        Assert.Equal(12.0 * workload.Parameters / (1 << 20), metrics["state_mb_lora"]);
        Assert.Equal(12.0 * workload.FrozenNumbers / (1 << 20), metrics["state_mb_full"]);
    }

    [Fact]
    public void The_dialect_changes_vowels_and_nothing_else() =>
        Assert.Equal("Eor, O sey: 1st!\n", System.Text.Encoding.ASCII.GetString(Dialect.Of("Air, I say: 1st!\n"u8.ToArray())));

    [Fact]
    public void A_seed_decides_every_bit()
    {
        using var workload = Create();
        Assert.Equal(Losses(1), Losses(1));
        Assert.NotEqual(Losses(1), Losses(2));

        int[] Losses(int seed)
        {
            using var run = workload.Begin(seed);
            return [.. Enumerable.Range(0, Steps).Select(_ => BitConverter.SingleToInt32Bits(run.Step(1e-2)))];
        }
    }

    [Fact]
    public void Later_characters_never_change_earlier_logits()
    {
        using var scope = NewDisposeScope();
        using var workload = Create();
        using var run = workload.Begin(seed: 1);
        for (var i = 0; i < Steps; i++) run.Step(1e-2);
        var model = (NanoLoraModel)((IModelRun)run).Model;
        var text = randint(TextDataSet.Symbols, new long[] { 1, Window }, dtype: int64);
        var changed = text.clone();
        changed.narrow(1, Window / 2, Window / 2).add_(1).remainder_(TextDataSet.Symbols);
        var difference = (model.call(changed) - model.call(text)).abs();
        Assert.Equal(0, difference.narrow(1, 0, Window / 2).max().item<float>());
        Assert.True(difference.narrow(1, Window / 2, Window / 2).max().item<float>() > 0);
    }

    static Func<Tensor, Tensor> Predict(NanoLoraWorkload workload) => ((NanoLoraModel)workload.BuildModel()).call;

    /// <summary>A base of random weights.</summary>
    static NanoLoraWorkload Create()
    {
        var entry = ThisClone.Entry("nano-lora-finetune");
        var sizes = new Dictionary<string, IReadOnlyList<double>>
        {
            ["layers"] = [Layers], ["width"] = [Width], ["heads"] = [2], ["vocabulary"] = [TextDataSet.Symbols], ["context"] = [Window + 3],
            ["window"] = [Window], ["rank"] = [Rank], ["alpha"] = [6], ["full_learning_rate"] = [1e-2], ["scored_windows"] = [20],
        };
        var choice = entry.Data.Single(of => of.Tier == "embedded");
        choice = choice with { Recipe = choice.Recipe with { Batch = Batch, Epochs = Steps, BatchesPerEpoch = 1, EvalEvery = Steps } };
        var changed = entry with { Geometry = new Geometry(sizes, 1), Params = Layers * Rank * (Width + 3 * Width) };
        return new(new WorkloadSetup(changed, choice, DataStore.Open()));
    }

    sealed class Silent : IRunProgress
    {
        public void Report(string phase, double share, string detail)
        {
        }
    }
}

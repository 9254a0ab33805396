using MlPerfEdu.Catalog;
using MlPerfEdu.Data;
using MlPerfEdu.Engine;
using MlPerfEdu.Engine.Training;
using MlPerfEdu.Roofline.Count;
using MlPerfEdu.Roofline.Torch;
using MlPerfEdu.Workloads.Cloud.NanoGpt;
using static TorchSharp.torch.nn;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Tests.Cloud;

/// <summary>On generated sentences, with a model small enough to score them in no time.</summary>
public sealed class NanoGptTrainTests(ITestOutputHelper output) : IDisposable
{
    const int Window = 48;

    static readonly TextDataSet Text = SyntheticSentences.Load(DataStore.Open().Resolve("synthetic-sentences").OrThrow());

    readonly NanoGptTrainWorkload workload = Small();

    public void Dispose() => workload.Dispose();

    [Fact]
    public void A_window_begins_at_every_character_and_is_to_be_predicted_one_later()
    {
        using var scope = NewDisposeScope();
        Assert.Equal([Text.Train.Length - Window, Window], workload.Inputs.shape);
        Assert.Equal(workload.Inputs.shape, workload.Targets.shape);
        foreach (var start in new[] { 0, 1, 1000, Text.Train.Length - Window - 1 })
        {
            Assert.Equal(Text.Train[start..(start + Window)], Bytes(workload.Inputs[start]));
            Assert.Equal(Text.Train[(start + 1)..(start + 1 + Window)], Bytes(workload.Targets[start]));
        }
    }

    [Fact]
    public void Every_character_of_the_scored_split_counts_once()
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        random.manual_seed(1);
        var model = workload.BuildModel();
        var found = workload.Evaluate(model);

        var nats = 0.0;
        for (var start = 0; start < Text.Test.Length - 1; start += Window)
        {
            using var inner = NewDisposeScope();
            var end = Math.Min(start + Window, Text.Test.Length - 1);
            var logits = model.forward(Characters(Text.Test[start..end]));
            nats += functional.cross_entropy(logits[0], Characters(Text.Test[(start + 1)..(end + 1)])[0], reduction: Reduction.Sum).item<float>();
        }
        output.WriteLine($"{found.Metrics["cross_entropy"]:0.000000} nats over {found.Samples} characters");
        // The split is no multiple of a batch or a window, so both kinds of remainder occur.
        Assert.NotEqual(0, (Text.Test.Length - 1) % Window);
        Assert.Equal((Text.Test.Length - 1, workload.EvaluationSamples), (found.Samples, Text.Test.Length - 1));
        Assert.Equal(nats / found.Samples, found.Metrics["cross_entropy"], 5);
    }

    [Theory]
    [InlineData("adamw")]
    [InlineData("muon")]
    public void Libtorch_runs_the_products_that_the_layers_and_the_update_count(string optimizer)
    {
        var recorder = new TorchRecorder();
        using var updated = Small(recipe => recipe with { Optimizer = optimizer, MatrixLearningRate = 1e-3, Momentum = 0.9 });
        using var running = updated.Prepare(4);
        Assert.Contains(running.Count.Layers, layer => layer.Kind == "cross entropy loss");
        if (recorder.Unavailable is { } reason) output.WriteLine(reason);
        else Assert.Empty(RecordedCount.Differences(running.Count, recorder.Record(running.Step)));
    }

    [Theory]
    [InlineData("adamw")]
    [InlineData("muon")]
    public void The_first_layers_train_alone_and_the_others_join_without_a_change(string optimizer)
    {
        const int Steps = 4;
        using var growing = Small(recipe => recipe with
        {
            Optimizer = optimizer, MatrixLearningRate = 1e-3, Momentum = 0.9, ShallowLayers = 1, ShallowShare = 0.5, Epochs = 1, BatchesPerEpoch = Steps,
        });
        using var run = growing.Begin(1);
        var model = (NanoGptModel)((IModelRun)run).Model;
        using var scope = NewDisposeScope();
        using var input = Characters(Text.Train[..Window]);

        var (first, second) = (Weights(0), Weights(1));
        Tensor[] secondWeights = [.. model.Layers[1].parameters().Select(parameter => parameter.detach().clone())];
        run.Step(1e-2);
        run.Step(1e-2);
        Assert.NotEqual(first, Weights(0));
        Assert.Equal(second, Weights(1));
        Assert.Equal(1, model.ActiveLayers);
        using (inference_mode())
        {
            var shallow = model.forward(input);
            model.ActiveLayers = 2;
            Assert.Equal(0, (model.forward(input) - shallow).abs().max().item<float>());
            model.ActiveLayers = 1;
            // Whoever computes with a layer of these weights finds nothing but them.
            foreach (var parameter in model.Layers[1].parameters()) parameter.fill_(float.NaN);
            Assert.Equal(0, (model.forward(input) - shallow).abs().max().item<float>());
            foreach (var (parameter, kept) in model.Layers[1].parameters().Zip(secondWeights)) parameter.copy_(kept);
        }

        run.Step(1e-2);
        Assert.Equal(2, model.ActiveLayers);
        Assert.NotEqual(second, Weights(1));

        float[] Weights(int layer) => [.. model.Layers[layer].parameters().SelectMany(parameter => parameter.detach().data<float>().ToArray())];
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void A_shallow_start_needs_a_layer_that_joins(int layers)
    {
        using var growing = Small(recipe => recipe with { ShallowLayers = layers, ShallowShare = 0.5 });
        var error = Assert.Throws<RunException>(() => growing.Begin(1));
        Assert.Equal("MLP1512", error.Code);
        Assert.Contains("has 2 layers", error.Message);
    }

    [Fact]
    public void Holds_what_it_says_about_itself() => Assert.All(workload.CheckInvariants(), invariant => Assert.True(invariant.Holds, invariant.ToString()));

    static NanoGptTrainWorkload Small(Func<Recipe, Recipe>? change = null)
    {
        var entry = ThisClone.Entry("nanogpt-train");
        var sizes = new Dictionary<string, IReadOnlyList<double>>
        {
            ["layers"] = [2], ["width"] = [16], ["heads"] = [2], ["vocabulary"] = [TextDataSet.Symbols], ["context"] = [64], ["window"] = [Window],
        };
        using var model = new NanoGptModel(NanoGptGeometry.From(new Geometry(sizes, 1)));
        var choice = entry.Data.Single(of => of.Tier == "embedded");
        var recipe = choice.Recipe with { ShallowLayers = null, ShallowShare = null };
        choice = choice with { Recipe = change?.Invoke(recipe) ?? recipe };
        var parameters = model.parameters().Sum(parameter => parameter.numel());
        return new(new WorkloadSetup(entry with { Geometry = new Geometry(sizes, 1), Params = parameters }, choice, DataStore.Open()));
    }

    static Tensor Characters(byte[] text) => tensor(text, [1, text.Length], dtype: int64);

    static byte[] Bytes(Tensor row) => [.. row.contiguous().data<long>().ToArray().Select(symbol => (byte)symbol)];
}

using MlPerfEdu.Catalog;
using MlPerfEdu.Data;
using MlPerfEdu.Engine;
using MlPerfEdu.Engine.Checkpoints;
using MlPerfEdu.Engine.Inference;
using MlPerfEdu.Engine.Training;
using MlPerfEdu.Roofline.Count;
using MlPerfEdu.Roofline.Torch;
using MlPerfEdu.Workloads.Cloud.Gpt;
using MlPerfEdu.Workloads.Cloud.NanoGpt;
using MlPerfEdu.Workloads.Cloud.NanoGptPrefill;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Tests.Cloud;

/// <summary>The model with bf16 products, which every processor can compute, if slowly.</summary>
public class NanoGptBf16Tests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(2, 64, 3, 64)]
    [InlineData(3, 12, 2, 8)]
    [InlineData(1, 70, 3, 20)]
    public void Attention_reads_and_writes_bf16_and_computes_fp32(int batch, int positions, int heads, int head)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(1);
        var projected = (randn(batch * positions, 3 * heads * head) * 2).to(bfloat16).requires_grad_();
        var wide = projected.detach().to(float32).requires_grad_();
        var arriving = randn(batch * positions, heads * head).to(bfloat16);

        var found = CausalAttention.Of(projected, batch, heads);
        var expected = CausalAttention.Of(wide, batch, heads);
        var gradient = autograd.grad([found], [projected], [arriving])[0];
        var expectedGradient = autograd.grad([expected], [wide], [arriving.to(float32)])[0];

        // Nothing but the results is rounded.
        Assert.True(found.eq(expected.to(bfloat16)).all().item<bool>());
        Assert.True(gradient.eq(expectedGradient.to(bfloat16)).all().item<bool>());
    }

    [Fact]
    public void Learns_what_fp32_learns_and_a_seed_decides_every_bit()
    {
        using NanoGptTrainWorkload fp32 = Small(Precision.Fp32), bf16 = Small(Precision.Bf16);
        var (expected, found) = (Losses(fp32), Losses(bf16));
        output.WriteLine($"mean of the last ten losses: fp32 {expected[^10..].Average():0.0000}, bf16 {found[^10..].Average():0.0000}");
        Assert.NotEqual(expected, found);
        Assert.InRange(found[^10..].Average(), 0, found[0] - 1);
        Assert.Equal(expected[^10..].Average(), found[^10..].Average(), 0.05);
        Assert.Equal(found[..20], Losses(bf16, steps: 20));
    }

    [Fact]
    public void Copies_are_those_of_the_weights_after_every_step()
    {
        using var workload = Small(Precision.Bf16);
        using var run = (IModelRun)workload.Begin(1);
        var model = (NanoGptModel)run.Model;
        for (var step = 0; step < 2; step++)
        {
            run.Step(1e-2);
            var products = model.parameters().Where(parameter => parameter.shape.Length == 2);
            Assert.All(products, weight => Assert.True(model.Products.CopyOf(weight).eq(weight.to(bfloat16)).all().item<bool>()));
        }
    }

    [Fact]
    public void Copies_are_those_of_weights_that_were_loaded()
    {
        NanoGptModel Model(int seed)
        {
            random.manual_seed(seed);
            return new(Geometry, PrecisionChoice.Always);
        }

        var path = Path.GetTempFileName();
        try
        {
            using NanoGptModel kept = Model(1), loaded = Model(2);
            kept.save(path);
            var weight = loaded.Layers[0].parameters().First(parameter => parameter.shape.Length == 2);
            Assert.Equal(Geometry.Width, loaded.Products.CopyOf(weight).shape[1]);
            new Checkpoint(null!, path).LoadInto(loaded);
            Assert.True(loaded.Products.CopyOf(weight).eq(weight.to(bfloat16)).all().item<bool>());
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Libtorch_runs_the_products_that_the_layers_count()
    {
        var recorder = new TorchRecorder();
        if (recorder.Unavailable is not null) return;
        using var workload = Small(Precision.Bf16);
        using var step = workload.Prepare(3);
        Assert.Empty(RecordedCount.Differences(step.Count, recorder.Record(step.Step)));
    }

    [Fact]
    public void Counts_the_same_products_with_two_bytes_for_each_operand()
    {
        using NanoGptTrainWorkload plain = Small(Precision.Fp32), bf16 = Small(Precision.Bf16);
        using IDisposable first = plain.Prepare(4), second = bf16.Prepare(4);
        StepCount expected = ((Roofline.Measure.IRunningStep)first).Count, found = ((Roofline.Measure.IRunningStep)second).Count;

        Assert.Equal((expected.Flops, expected.Parameters, 0), (found.Flops, found.Parameters, expected.Bf16Flops));
        // All but the update and the attention of two layers.
        Assert.Equal(found.Flops - found.UpdateFlops - found.Layers.Where(layer => layer.Kind == "attention kernel").Sum(layer => layer.Total.Flops), found.Bf16Flops);
        Assert.InRange(found.Bytes, expected.Bytes / 2, expected.Bytes);
        var (up, wide) = (Row(found), Row(expected));
        Assert.Equal(Precision.Bf16, up.Precision);
        Assert.Equal((2 * up.Forward.Bytes, 2 * up.DataGradient.Bytes), (wide.Forward.Bytes, wide.DataGradient.Bytes));
        // Weights are read and written as copies when they are updated.
        var copied = found.Layers.Where(layer => layer.Precision == Precision.Bf16 && layer.ForwardMacs > 0).Sum(layer => layer.Parameters)
            + Geometry.Vocabulary * Geometry.Width;
        Assert.Equal(6 * copied, found.Layers.Single(layer => layer.Kind == "bf16 copies").Optimizer.Bytes);

        static LayerCount Row(StepCount count) => count.Layers.Single(layer => layer.Layer == "1.up");
    }

    [Fact]
    public void A_prompt_leads_to_nearly_the_same_logits()
    {
        NanoGptGeometry geometry = new(Layers: 2, Width: 128, Heads: 2, Vocabulary: 32, Context: 64);
        using NanoGptModel plain = new(geometry), model = new(geometry, PrecisionChoice.Always);
        using (no_grad())
        {
            foreach (var (to, from) in model.parameters().Zip(plain.parameters())) to.copy_(from);
        }

        var tokens = Enumerable.Range(0, 40).Select(i => i * 7 % geometry.Vocabulary).ToArray();
        var (expected, found) = (Prefilled(plain), Prefilled(model));
        Assert.NotEqual(expected, found);
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second, 0.01f));
        var count = GptCount.Prefill(model, 1, tokens.Length);
        // The one row that is classified is a product like any other here.
        Assert.InRange((double)count.Bf16Flops / count.Flops, 0.8, 0.99);

        float[] Prefilled(NanoGptModel of)
        {
            using var gpt = new CachedGpt(of, threads: 2, mostRows: 1);
            using var cache = gpt.NewCache(tokens.Length);
            return gpt.Prefill(cache, tokens);
        }
    }

    [Fact]
    public void Holds_what_it_says_about_itself()
    {
        using var workload = Small(Precision.Bf16);
        Assert.All(workload.CheckInvariants(), invariant => Assert.True(invariant.Holds, invariant.ToString()));
    }

    static readonly NanoGptGeometry Geometry = new(Layers: 2, Width: 64, Heads: 2, TextDataSet.Symbols, Context: 64);

    [Fact]
    public void Training_by_the_book_is_fp32()
    {
        using NanoGptTrainWorkload fp32 = Small(Precision.Fp32), bf16 = Small(Precision.Bf16);
        Assert.Equal(Losses(fp32.BeginByTheBook, steps: 5), Losses(bf16.BeginByTheBook, steps: 5));
    }

    [Fact]
    public void A_prompt_by_the_book_is_fp32()
    {
        NanoGptGeometry geometry = new(Layers: 2, Width: 128, Heads: 2, TextDataSet.Symbols, Context: 64);
        var entry = (InferenceEntry)ThisClone.Model("nanogpt-prefill");
        entry = entry with { Precision = Precision.Bf16, Geometry = new Geometry(new Dictionary<string, IReadOnlyList<double>> { ["prompt"] = [40] }, 1) };
        var path = Path.GetTempFileName();
        try
        {
            using (var model = new NanoGptModel(geometry)) model.save(path);
            var setup = new InferenceSetup(entry, Setup(geometry, Precision.Fp32), new Checkpoint(null!, path), Kept: "");
            using var workload = Forced(() => new NanoGptPrefillWorkload(setup));
            using IDisposable ours = workload.Prepare(1);
            using var book = workload.PrepareByTheBook(1);
            var found = ModuleCounter.Count(1, _ => book.Step());
            Assert.NotEqual(0, ((Roofline.Measure.IRunningStep)ours).Count.Bf16Flops);
            Assert.NotEqual(0, found.Flops);
            Assert.Equal(0, found.Bf16Flops);
        }
        finally
        {
            File.Delete(path);
        }
    }

    static float[] Losses(NanoGptTrainWorkload workload, int steps = 100) => Losses(workload.Begin, steps);

    static float[] Losses(Func<int, ITrainingRun> begin, int steps)
    {
        using var run = begin(1);
        return [.. Enumerable.Range(0, steps).Select(_ => run.Step(3e-3))];
    }

    // Without Force, this is what the processor can do.
    [Fact]
    public void Where_bf16_falls_back_every_bit_is_that_of_fp32()
    {
        if (PrecisionChoice.Of(Precision.Bf16).Used == Precision.Bf16) return;
        using NanoGptTrainWorkload asked = Small(Precision.Bf16, force: false), plain = Small(Precision.Fp32);
        Assert.Equal(Losses(plain, steps: 10), Losses(asked, steps: 10));
    }

    static NanoGptTrainWorkload Small(Precision precision, bool force = true)
    {
        var setup = Setup(Geometry, precision);
        return force ? Forced(() => new NanoGptTrainWorkload(setup)) : new(setup);
    }

    static T Forced<T>(Func<T> make)
    {
        T? made = default;
        PrecisionChoice.Force(() => made = make());
        return made!;
    }

    static WorkloadSetup Setup(NanoGptGeometry geometry, Precision precision)
    {
        var entry = ThisClone.Entry("nanogpt-train");
        var sizes = new Dictionary<string, IReadOnlyList<double>>
        {
            ["layers"] = [geometry.Layers], ["width"] = [geometry.Width], ["heads"] = [geometry.Heads], ["vocabulary"] = [geometry.Vocabulary],
            ["context"] = [geometry.Context], ["window"] = [16],
        };
        using var model = new NanoGptModel(geometry);
        var parameters = model.parameters().Sum(parameter => parameter.numel());
        var choice = entry.Data.Single(of => of.Tier == "embedded");
        choice = choice with { Recipe = choice.Recipe with { Precision = precision, Batch = 8, ShallowLayers = null, ShallowShare = null } };
        return new(entry with { Geometry = new Geometry(sizes, 1), Params = parameters }, choice, DataStore.Open());
    }
}

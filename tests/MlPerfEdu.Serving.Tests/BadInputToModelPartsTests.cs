using MlPerfEdu.Serving.Attention;
using MlPerfEdu.Serving.Calibration;
using MlPerfEdu.Serving.Distillation;
using MlPerfEdu.Serving.Eagle;
using MlPerfEdu.Serving.Embedding;
using MlPerfEdu.Serving.Lora;
using MlPerfEdu.Serving.Matryoshka;
using MlPerfEdu.Serving.Medusa;
using MlPerfEdu.Serving.Merging;
using MlPerfEdu.Serving.Norms;
using MlPerfEdu.Serving.Vision;

namespace MlPerfEdu.Serving.Tests;

/// <summary>What computes refuses wrong shapes and numbers that are none, and what it keeps stays as it was.</summary>
[Trait("Suite", "serving")]
public class BadInputToModelPartsTests
{
    static readonly float[] Two = [1, 2];
    static readonly float[] Four = [1, 2, 3, 4];

    [Fact]
    public void Norms_refuse_half_rows_and_numbers_that_are_none()
    {
        var norm = new RmsNorm(Two);
        var y = new float[4];
        Fails("MLP4001", () => norm.Forward(Four.AsSpan(1), y.AsSpan(1)));
        Fails("MLP4001", () => norm.Forward(Four, y.AsSpan(1)));
        Fails("MLP4001", () => norm.Forward(Four, Two, y, y));
        Fails("MLP4001", () => norm.Forward(Four, Four, y, new float[2]));
        Fails("MLP4005", () => norm.Forward([], []));
        Fails("MLP4005", () => RmsNorm.AddAndNormalise(Four, Four, [], 1e-6f, y, y));
        Fails("MLP4006", () => norm.Forward([float.NaN, 1], y.AsSpan(..2)));
        Fails("MLP4006", () => norm.Forward([1e30f, 1], y.AsSpan(..2)));
        Fails("MLP4006", () => new RmsNorm(Two, 0));
        Fails("MLP4002", () => new RmsNorm([float.NaN]));
        Fails("MLP4001", () => new LayerNorm(Two, Four));
        Fails("MLP4006", () => new LayerNorm(Two, Two, float.NaN));
        Fails("MLP4002", () => new LayerNorm(Two, Two).Forward([1, float.PositiveInfinity], y.AsSpan(..2)));
        Assert.All(y, value => Assert.Equal(0, value));
    }

    [Fact]
    public void Adapters_refuse_other_shapes_and_unknown_layers()
    {
        var adapter = new LoraAdapter(2, 1, 2, 1, Two, Two);
        Fails("MLP4001", () => new LoraAdapter(2, 1, 2, 1, Four, Two));
        Fails("MLP4001", () => new LoraAdapter(2, 1, 2, 1, Two, Four));
        Fails("MLP4002", () => new LoraAdapter(2, 1, 2, 1, Two, [1, float.NaN]));
        Fails("MLP4006", () => new LoraAdapter(2, 0, 2, 1, [], []));
        Fails("MLP4006", () => new LoraAdapter(2, 1, 2, float.NaN, Two, Two));

        var lora = new LoraInference();
        lora.Add("q", adapter);
        var y = new float[2];
        Fails("MLP4007", () => lora.Add("q", adapter));
        Fails("MLP4001", () => lora.Apply("q", Four.AsSpan(1), Two, y));
        Fails("MLP4001", () => lora.Apply("q", Four, Two, y));
        Fails("MLP4002", () => lora.Apply("q", [1, float.NaN], Two, y));
        Fails("MLP4004", () => lora.Merge("k", Four, new float[4]));
        Fails("MLP4001", () => lora.Merge("q", Two, new float[2]));
        Fails("MLP4001", () => lora.Merge(new Dictionary<string, float[]> { ["q"] = Two }));
        Assert.Equal((0, 4), (lora.Applications, lora.Parameters));
        Assert.Equal(new float[2], y);
        lora.Apply("no adapter", Two, Two, y);
        Assert.Equal(Two, y);
    }

    [Fact]
    public void Composed_adapters_refuse_unknown_names_before_anything_is_written()
    {
        var composer = new LoraComposer(2, 2);
        var y = new float[] { 7, 7 };
        composer.Add("a", new(2, 1, 2, 1, Two, Two));
        Fails("MLP4007", () => composer.Add("a", new(2, 1, 2, 1, Two, Two)));
        Fails("MLP4001", () => composer.Add("b", new(4, 1, 2, 1, Four, Two)));
        Fails("MLP4004", () => composer.Forward(Two, [new("a", 1), new("b", 1)], y));
        Fails("MLP4006", () => composer.Forward(Two, [new("a", float.NaN)], y));
        Fails("MLP4002", () => composer.Forward([1, float.NaN], y));
        Fails("MLP4005", () => composer.Forward([], []));
        Fails("MLP4004", () => composer.Remove("b"));
        Assert.Equal(1, composer.Count);
        Assert.Equal([7, 7], y);
        composer.Remove("a");
        composer.Forward(Two, y);
        Assert.Equal([0, 0], y);
    }

    [Fact]
    public void Trees_refuse_what_would_not_be_a_tree()
    {
        Fails("MLP4006", () => new MedusaTree(0));
        Fails("MLP4006", () => new MedusaTree(65));
        var tree = new MedusaTree(2);
        tree.Restart(5);
        Fails("MLP4004", () => tree.Add(1, 3, 0.5));
        Fails("MLP4006", () => tree.Add(0, 3, double.NaN));
        tree.Add(0, 3, 0.5);
        Fails("MLP4003", () => tree.Add(0, 4, 0.5));
        Fails("MLP4004", () => tree[2]);
        Fails("MLP4001", () => GreedyAcceptance.OfTree(tree, Four.AsSpan(1), 2));
        Fails("MLP4002", () => GreedyAcceptance.OfTree(tree, [1, float.NaN, 3, 4], 2));
        Fails("MLP4005", () => GreedyAcceptance.OfPath([], Four, 2));
        Fails("MLP4001", () => GreedyAcceptance.OfPath([0, 1, 0], Four, 2));
        Assert.Equal((2, 3, 0.5), (tree.Count, tree[1].Token, tree.ExpectedAccepted));

        var attention = new TreeAttention(new AttentionShape(1, 1, 2));
        Fails("MLP4001", () => attention.Attend(tree, Two, [], [], Four, Four, new float[4]));
        Fails("MLP4001", () => attention.Attend(tree, Four, Two, [], Four, Four, new float[4]));
        Fails("MLP4001", () => attention.Attend(tree, Four, [], [], Four, Two, new float[4]));
    }

    [Fact]
    public void Drafters_refuse_other_states_and_unknown_tokens()
    {
        Fails("MLP4005", () => new MedusaDecoder(2, 2, [], 1));
        Fails("MLP4006", () => new MedusaDecoder(2, 2, [Four], 3));
        Fails("MLP4001", () => new MedusaDecoder(2, 2, [Two], 1));
        Fails("MLP4002", () => new MedusaDecoder(2, 2, [[1, 2, 3, float.NaN]], 1));
        var medusa = new MedusaDecoder(2, 2, [Four], 1);
        var tree = new MedusaTree(2);
        tree.Restart(9);
        Fails("MLP4001", () => medusa.Draft(Four, 0, tree));
        Fails("MLP4002", () => medusa.Draft([1, float.NaN], 0, tree));
        Fails("MLP4001", () => medusa.DraftPath(Two, new int[2], new double[1]));
        Assert.Equal((1, 9), (tree.Count, tree[0].Token));

        var eagle = new EagleDrafter(1, 2, [1, 2, 3], Two, Two, Two);
        var tokens = new int[1];
        Fails("MLP4001", () => eagle.Draft(Two, 0, tokens));
        Fails("MLP4002", () => eagle.Draft([1, 2, float.NaN], 0, tokens));
        Fails("MLP4004", () => eagle.Draft([1, 2, 3], 2, tokens));
        Fails("MLP4005", () => eagle.Draft([1, 2, 3], 0, []));
        Fails("MLP4001", () => new EagleDrafter(1, 2, [1, 2], Two, Two, Two));
        Fails("MLP4001", () => new EagleVerifier(1, 2, Two).Verify(tokens, [1]));
        Fails("MLP4005", () => new EagleVerifier(1, 2, Two).Verify([], [1]));
        Fails("MLP4006", () => new FeatureChain(1, 2, [1], Two, 2));
        Fails("MLP4002", () => new FeatureChain(1, 2, [1], Two).Verify([float.NaN]));
    }

    [Fact]
    public void Merging_refuses_other_shapes_and_shares_outside_their_range()
    {
        var merged = new float[2];
        Fails("MLP4001", () => Slerp.Into(Two, Four, 0.5f, merged));
        Fails("MLP4006", () => Slerp.Into(Two, Two, 1.5f, merged));
        Fails("MLP4006", () => Slerp.Into(Two, [1, float.NaN], 0.5f, merged));
        Fails("MLP4005", () => Slerp.Into([], [], 0.5f, []));
        Fails("MLP4006", () => Dare.Into(Two, [Two], [1], 0, 1, merged));
        Fails("MLP4001", () => Dare.Into(Two, [Two], [1, 2], 0.5f, 1, merged));
        Fails("MLP4002", () => Dare.Into(Two, [[1, float.NaN]], [1], 0.5f, 1, merged));
        Fails("MLP4006", () => Ties.Into(Two, [Two], 1.5f, 1, merged));
        Fails("MLP4001", () => Ties.Into(Two, [Four], 0.5f, 1, merged));
        Assert.Equal(new float[2], merged);

        var merger = new ModelMerger();
        var before = merger.Merge(new() { ["q"] = Two }, new() { ["q"] = Two }, 0);
        Fails("MLP4001", () => merger.Merge(new() { ["k"] = Two, ["q"] = Two }, new() { ["q"] = Four }, 0));
        Fails("MLP4002", () => merger.Merge(new() { ["q"] = Two }, new() { ["q"] = [1, float.NaN] }, 0));
        Assert.Equal(Two, before["q"]);
        Assert.Single(before);
    }

    [Fact]
    public void Vectors_of_texts_and_pictures_refuse_what_does_not_fit()
    {
        var embedding = new MatryoshkaEmbedding(4, 2, 4);
        Fails("MLP4004", () => embedding.Cut(Four, 3, new float[3]));
        Fails("MLP4001", () => embedding.Cut(Two, 2, new float[2]));
        Fails("MLP4006", () => embedding.Cut([1, float.NaN, 3, 4], 2, new float[2]));
        Fails("MLP4001", () => embedding.Similarity(Four, Two, 2));
        Fails("MLP4006", () => new MatryoshkaEmbedding(4, 8));

        var embedder = new BatchEmbedder(Two);
        var pooled = new float[2];
        Fails("MLP4001", () => embedder.Pool(Pooling.Mean, Four, [true], 1, pooled));
        Fails("MLP4005", () => embedder.Pool(Pooling.Mean, Four, [false, false], 1, pooled));
        Fails("MLP4006", () => embedder.Pool(Pooling.Max, [1, float.NaN], [true], 1, pooled));
        Fails("MLP4004", () => embedder.Pool((Pooling)9, Two, [true], 1, pooled));
        Fails("MLP4006", () => new BatchEmbedder(Two, 0));

        var compressor = new VisionTokenCompressor(0.5, 1);
        Fails("MLP4001", () => compressor.ByAttention(Four, 2, [1], new int[1], pooled));
        Fails("MLP4002", () => compressor.ByAttention(Four, 2, [1, float.NaN], new int[1], pooled));
        Fails("MLP4001", () => compressor.ByMagnitude(Four, 2, new int[2], new float[4]));
        Fails("MLP4002", () => compressor.ByClustering([1, 2, 3, float.NaN], 2, new int[1], pooled));
        Fails("MLP4006", () => new VisionTokenCompressor(0, 1));
    }

    [Fact]
    public void What_learns_from_samples_forgets_none_for_a_bad_one()
    {
        var distillation = new DistillationCalibrator(2, 1);
        var delta = new float[2];
        Fails("MLP4005", () => distillation.ComputeDelta(1, delta));
        distillation.Record([1, 0], [0, 1]);
        distillation.ComputeDelta(1, delta);
        Fails("MLP4001", () => distillation.Record(Four, Two));
        Fails("MLP4002", () => distillation.Record(Two, [1, float.NaN]));
        Fails("MLP4006", () => distillation.ComputeDelta(0, delta));
        Fails("MLP4006", () => new DistillationCalibrator(2, 0));
        var again = new float[2];
        distillation.ComputeDelta(1, again);
        Assert.Equal(delta, again);

        foreach (var calibrator in new ScaleCalibrator[] { new PercentileCalibrator(2, 8, 90, 2), new LeastErrorCalibrator(2, 8, 2) })
        {
            var scales = new float[2];
            Fails("MLP4005", () => calibrator.ComputeScales(scales));
            calibrator.Record(Two);
            Fails("MLP4001", () => calibrator.Record([1, 2, 3]));
            Fails("MLP4002", () => calibrator.Record([1, float.NaN]));
            Fails("MLP4003", () => calibrator.Record(Four));
            Assert.Equal(1, calibrator.RowsSeen);
            Assert.True(calibrator.ComputeScale() is > 0 and < 0.1f);
            calibrator.Reset();
            Fails("MLP4005", () => calibrator.ComputeScales(scales));
        }
        Fails("MLP4006", () => new MinMaxCalibrator(2, 1));
        Fails("MLP4006", () => new PercentileCalibrator(2, 8, 0, 2));
    }

    static void Fails(string code, Action call) => Assert.Equal(code, Assert.Throws<KernelException>(call).Code);

    static void Fails(string code, Func<object> make) => Assert.Equal(code, Assert.Throws<KernelException>(make).Code);
}

using MlPerfEdu.Engine;
using MlPerfEdu.Roofline.Count;
using MlPerfEdu.Roofline.Torch;
using MlPerfEdu.Workloads.Machine.Stories;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Tests.Machine;

public class StoriesModelTests(ITestOutputHelper output)
{
    static readonly StoriesSize Tiny = new(Width: 16, Hidden: 12, Layers: 2, Heads: 4, KeyValueHeads: 2, Vocabulary: 11, Positions: 5);

    static IReadOnlyList<StoriesSize> Sizes => StoriesSize.All(ThisClone.Experiment("stories110m-step").Geometry);

    [Theory]
    [InlineData("110M", 109_529_856)]
    [InlineData("15M", 15_191_712)]
    [InlineData("260K", 260_032)]
    public void Has_the_known_number_of_parameters(string name, long parameters)
    {
        var size = Sizes.Single(size => size.Name == name);

        Assert.Equal((parameters, parameters), (size.Parameters, StoriesCount.Of(size).Parameters));
    }

    [Fact]
    public void Builds_the_parameters_that_it_counts()
    {
        using var model = new StoriesModel(Sizes[^1], seed: 1);

        Assert.Equal(Sizes[^1].Parameters, model.Parameters.Sum(parameter => parameter.numel()));
    }

    [Theory]
    [InlineData(ScalarType.Float32, 1e-5)]
    [InlineData(ScalarType.Float64, 1e-12)]
    public void Gradients_across_the_cuts_are_those_of_one_graph(ScalarType dtype, double tolerance)
    {
        var difference = GradientCheck.LargestDifference(Sizes[^1], dtype);

        output.WriteLine($"largest relative difference: {difference:g3}");
        Assert.InRange(difference, 0, tolerance);
    }

    // The smallest model, whose products have several sizes, heads that share keys, and a tied classifier.
    [Fact]
    public void With_bf16_products_a_step_is_nearly_the_same_and_counts_the_same()
    {
        using var scope = NewDisposeScope();
        var size = Sizes[^1] with { Layers = 2, Positions = 32 };
        using StoriesTraining fp32 = new(size, 256, PrecisionChoice.Fp32), bf16 = new(size, 256, PrecisionChoice.Always);
        for (var step = 0; step < 3; step++)
        {
            var (expected, found) = (fp32.Step().Loss, bf16.Step().Loss);
            output.WriteLine($"loss {expected:0.0000} with fp32, {found:0.0000} with bf16");
            Assert.NotEqual(expected, found);
            Assert.Equal(expected, found, 0.02);
        }

        StepCount plain = StoriesCount.Of(size), counted = StoriesCount.Of(size, PrecisionChoice.Always);
        Assert.Equal((plain.Flops, plain.Parameters), (counted.Flops, counted.Parameters));
        // Attention is the rest.
        Assert.InRange((double)counted.Bf16Flops / counted.Flops, 0.8, 0.99);
        Assert.Equal(StoriesCount.FlopsByPart(plain), StoriesCount.FlopsByPart(counted));
        var recorder = new TorchRecorder();
        if (recorder.Unavailable is null) Assert.Empty(RecordedCount.Differences(counted, recorder.Record(() => bf16.Step())));
    }

    [Fact]
    public void A_token_changes_nothing_before_it()
    {
        using var scope = NewDisposeScope();
        using var model = new StoriesModel(Tiny, seed: 1, ScalarType.Float64);
        var before = model.Logits(tensor(new long[] { 1, 2, 3, 4, 5 }), new WholeGraph());
        var after = model.Logits(tensor(new long[] { 1, 2, 3, 9, 5 }), new WholeGraph());
        var change = (after - before).abs().amax([1]).data<double>().ToArray();

        output.WriteLine($"changes by position: {string.Join(", ", change.Select(value => $"{value:g3}"))}");
        Assert.All(change[..3], value => Assert.Equal(0, value));
        Assert.All(change[3..], value => Assert.InRange(value, 1e-6, double.MaxValue));
    }

    [Fact]
    public void Attention_is_what_its_formula_says()
    {
        using var scope = NewDisposeScope();
        using var core = new AttentionCore(Tiny, ScalarType.Float64);
        random.manual_seed(3);
        var projected = randn(Tiny.Positions, Tiny.Projected, dtype: float64);
        var found = core.Forward(projected).data<double>().ToArray();
        var expected = Attention(projected.data<double>().ToArray());

        var difference = found.Zip(expected, (a, b) => Math.Abs(a - b)).Max();
        output.WriteLine($"largest difference: {difference:g3}");
        Assert.InRange(difference, 0, 1e-12);
    }

    // One number after another: queries, keys and values of a position lie side by side, two query heads share each key.
    static double[] Attention(double[] projected)
    {
        int d = Tiny.Head, sharing = Tiny.Heads / Tiny.KeyValueHeads;
        var result = new double[Tiny.Positions * Tiny.Width];
        for (var head = 0; head < Tiny.Heads; head++)
        {
            for (var query = 0; query < Tiny.Positions; query++)
            {
                var q = Turned(query, head);
                var scores = Enumerable.Range(0, query + 1)
                    .Select(key => Math.Exp(q.Zip(Turned(key, Tiny.Heads + head / sharing), (a, b) => a * b).Sum() / Math.Sqrt(d)))
                    .ToArray();
                for (var key = 0; key <= query; key++)
                {
                    var value = At(key, Tiny.Heads + Tiny.KeyValueHeads + head / sharing);
                    for (var i = 0; i < d; i++) result[query * Tiny.Width + head * d + i] += scores[key] / scores.Sum() * value[i];
                }
            }
        }
        return result;

        double[] At(int position, int head) => projected[(position * Tiny.Projected + head * d)..][..d];

        double[] Turned(int position, int head)
        {
            var x = At(position, head);
            return [.. x.Select((_, i) =>
            {
                var (sin, cos) = Math.SinCos(position * Math.Pow(10_000, -(i / 2 * 2.0) / d));
                return i % 2 == 0 ? x[i] * cos - x[i + 1] * sin : x[i] * cos + x[i - 1] * sin;
            })];
        }
    }
}

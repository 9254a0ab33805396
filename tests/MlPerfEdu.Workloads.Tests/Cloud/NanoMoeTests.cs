using MlPerfEdu.Data;
using MlPerfEdu.Engine;
using MlPerfEdu.Engine.Training;
using MlPerfEdu.Numerics;
using MlPerfEdu.Roofline.Count;
using MlPerfEdu.Roofline.Torch;
using MlPerfEdu.Workloads.Cloud.NanoMoe;
using MlPerfEdu.Workloads.Tests.Training;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using F = TorchSharp.torch.nn.functional;

namespace MlPerfEdu.Workloads.Tests.Cloud;

public class NanoMoeTests(ITestOutputHelper output)
{
    const int Window = 32, Batch = 3;

    static readonly NanoMoeGeometry Small = new(
        Layers: 2, Width: 32, Heads: 2, Experts: 4, Hidden: 48, Chosen: 2, Vocabulary: 19, Context: 40);

    static readonly byte[] Text = [.. Draws(200)];

    static readonly long[] Positions = [0, 101, 7];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Its_gradients_are_those_of_its_plain_form(int threads)
    {
        using var scope = NewDisposeScope();
        using NanoMoeModel model = Model(Small), precise = Book.Plain(Model(Small));
        using var fused = new FusedNanoMoe(model, Text, Window, Batch, threads);
        // Gradients of the batch before are not added up.
        fused.Backward([50, 60, 70]);
        var loss = fused.Backward(Positions);
        FusedStepTests.Same(output, Loss((NanoMoeModel)precise.to(float64)), loss, precise.parameters(), fused.Gradients);
    }

    [Fact]
    public void The_number_of_threads_changes_no_bit()
    {
        using var model = Model(Small);
        var one = Bits(1);
        Assert.Equal(one, Bits(2));
        Assert.Equal(one, Bits(3));

        int[] Bits(int threads)
        {
            using var fused = new FusedNanoMoe(model, Text, Window, Batch, threads);
            var loss = fused.Backward(Positions);
            return [.. model.parameters().SelectMany((parameter, i) => FusedStepTests.Numbers(fused.Gradients, i, parameter.numel())).Append(loss)
                .Select(BitConverter.SingleToInt32Bits)];
        }
    }

    [Fact]
    public void Every_layer_has_the_parameters_that_its_sizes_say()
    {
        using var workload = (NanoMoeWorkload)Embedded.Create("nano-moe-train");
        using var step = workload.Prepare(1);
        var sizes = ((NanoMoeModel)workload.BuildModel()).Geometry;
        var counted = step.Count.Layers.Where(layer => layer.Parameters > 0).ToDictionary(layer => layer.Layer, layer => layer.Parameters);
        long d = sizes.Width, expected = 0;
        Expect("tokens", sizes.Vocabulary * d);
        Expect("positions", sizes.Context * d);
        for (var i = 0; i < sizes.Layers; i++)
        {
            Expect($"{i}.attentionNorm", 2 * d);
            Expect($"{i}.queryKeyValue", 3 * d * d + 3 * d);
            Expect($"{i}.output", d * d + d);
            Expect($"{i}.expertNorm", 2 * d);
            Expect($"{i}.mixture.router", sizes.Experts * d);
            Expect($"{i}.mixture.up", sizes.Experts * d * sizes.Hidden);
            Expect($"{i}.mixture.down", sizes.Experts * d * sizes.Hidden);
        }
        Expect("norm", 2 * d);
        Expect("head", sizes.Vocabulary * d);
        Assert.Empty(counted);
        Assert.Equal((4_530_432, 4_530_432), (expected, ThisClone.Entry("nano-moe-train").Params));

        void Expect(string layer, long parameters)
        {
            Assert.True(counted.Remove(layer, out var found), $"no {layer} among {string.Join(", ", counted.Keys)}");
            Assert.Equal(parameters, found);
            expected += parameters;
        }
    }

    [Fact]
    public void Libtorch_runs_the_products_that_the_experts_count()
    {
        var recorder = new TorchRecorder();
        if (recorder.Unavailable is not null) return;
        using var scope = NewDisposeScope();
        using var model = Book.Plain(Model(Small));
        var count = ModuleCounter.Count(Batch, counter => Loss(counter.Watch(model)));
        var different = count.Layers.Where(layer => layer.Kind == "experts' linear").SelectMany(layer => layer.Operators).Select(row => row.Key).Distinct();
        // Experts with another number of tokens are other products.
        Assert.True(different.Count() > 2);
        Assert.Empty(RecordedCount.Differences(count, recorder.Record(() => Loss(model).backward())));
    }

    [Fact]
    public void Holds_what_it_says_about_itself()
    {
        using var workload = Embedded.Create("nano-moe-train");
        Assert.All(workload.CheckInvariants(), invariant => Assert.True(invariant.Holds, invariant.ToString()));
    }

    [Fact]
    public void A_token_goes_to_its_two_most_probable_experts_in_the_order_of_tokens()
    {
        const int tokens = 40, experts = 5, chosen = 2;
        using var scope = NewDisposeScope();
        random.manual_seed(2);
        var logits = randn(experts, tokens);
        var (weights, ids) = logits.softmax(0).t().topk(chosen);
        weights /= weights.sum(1, keepdim: true);
        var routes = new ExpertRoutes(tokens, experts, chosen);
        Choose(routes, logits.contiguous());
        routes.Sort();

        Assert.Equal(tokens * chosen, routes.Counts.ToArray().Sum());
        for (var token = 0; token < tokens; token++)
        {
            for (var k = 0; k < chosen; k++)
            {
                var (expert, slot) = ((int)ids[token, k].item<long>(), routes.Slot(token, k));
                Assert.Equal(token, routes.Token(slot));
                Assert.InRange(slot, routes.First(expert), routes.First(expert) + routes.Counts[expert] - 1);
                Assert.Equal(weights[token, k].item<float>(), routes.Weight(slot), 1e-6);
            }
        }
        for (var e = 0; e < experts; e++)
        {
            var own = Enumerable.Range(routes.First(e), routes.Counts[e]).Select(routes.Token).ToList();
            Assert.Equal(own.Order(), own);
        }
    }

    static unsafe void Choose(ExpertRoutes routes, Tensor logits) =>
        routes.Choose(NativeFloats.Of(logits), (nint)logits.shape[1], 0, (int)logits.shape[1]);

    [Fact]
    public void Counting_finds_what_follows()
    {
        byte[] text = [.. Enumerable.Range(0, 400).Select(i => (byte)(i % 4))];
        var found = CountedText.Of(text, text, 4);
        Assert.Equal(Math.Log(4), found["cross_entropy_unigram"], 0.02);
        Assert.InRange(found["cross_entropy_5gram"], 0, 0.01);
    }

    static Tensor Loss(NanoMoeModel model)
    {
        var rows = stack([.. Positions.Select(start => tensor(Text[(int)start..((int)start + Window + 1)].Select(symbol => (long)symbol).ToArray()))]);
        var logits = model.forward(rows.narrow(1, 0, Window));
        return F.cross_entropy(logits.view(-1, Small.Vocabulary), rows.narrow(1, 1, Window).reshape(-1));
    }

    // Larger weights than a new model's: with those, a term that is missing hardly shows.
    static NanoMoeModel Model(NanoMoeGeometry sizes)
    {
        random.manual_seed(1);
        var model = new NanoMoeModel(sizes);
        using var none = no_grad();
        foreach (var parameter in model.parameters()) parameter.add_(randn(parameter.shape) * 0.3);
        return model;
    }

    static IEnumerable<byte> Draws(int count)
    {
        var draws = new Xoshiro(3);
        for (var i = 0; i < count; i++) yield return (byte)draws.Below(19);
    }
}

using MlPerfEdu.Numerics;
using MlPerfEdu.Workloads.Cloud.MobileNetComposed;
using MlPerfEdu.Workloads.Edge.MobileNetV2;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Tests.Cloud;

public sealed class MobileNetComposedTests : IDisposable
{
    const int Side = 32;

    readonly MobileNetV2Model model = Model();

    public void Dispose() => model.Dispose();

    // Norms that have seen something, so that folding them changes weights and biases.
    static MobileNetV2Model Model()
    {
        random.manual_seed(1);
        var model = new MobileNetV2Model(MobileNetV2Sizes.Of(ThisClone.Entry("mobilenetv2-train").Geometry));
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        model.train();
        for (var batch = 0; batch < 10; batch++) model.call(Pictures(8));
        foreach (var (_, parameter) in model.named_parameters().Where(pair => pair.name.Contains("Norm", StringComparison.Ordinal)))
            parameter.add_(0.2 * randn(parameter.shape));
        model.eval();
        return model;
    }

    static Tensor Pictures(int count) => randn(count, 3, Side, Side);

    NetworkModules Modules => new(model, Side);

    static float[] Pixels(Tensor pictures) => pictures.permute(0, 2, 3, 1).contiguous().data<float>().ToArray();

    QuantisedModel Quantised()
    {
        var folded = Modules.Fold();
        using var network = new FoldedNetwork(folded);
        var calibration = new Calibration(Modules.Layers);
        calibration.See(network, Pictures(8));
        return QuantisedModel.Of(folded, calibration.Activations());
    }

    QuantisedModel Pruned()
    {
        using var pruning = new Pruning(Modules);
        pruning.Apply();
        return Quantised();
    }

    [Fact]
    public void Folded_layers_answer_as_the_model()
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        Assert.Equal(2_351_972, model.parameters().Sum(parameter => parameter.numel()));
        using var network = new FoldedNetwork(Modules.Fold());
        var x = Pictures(4);
        var expected = model.call(x);
        Assert.InRange((network.Run(x) - expected).abs().max().item<float>(), 0, 1e-3f * expected.abs().max().item<float>());
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(false, 2)]
    [InlineData(true, 1)]
    [InlineData(true, 2)]
    public void Every_byte_and_logit_is_that_of_exact_sums(bool usesTwoOfFour, int threads)
    {
        using var scope = NewDisposeScope();
        var quantised = Pruned();
        var pixels = Pixels(Pictures(1));
        var network = new Int8Network(quantised, usesTwoOfFour, threads);
        network.Run(pixels);
        var logits = Judge.Run(quantised, pixels, out var results);
        for (var layer = 0; layer < results.Length; layer++) Assert.Equal(results[layer], network.Results(layer));
        Assert.Equal(Array.ConvertAll(logits, logit => (float)logit), network.Logits);
        Assert.All(results, bytes => Assert.True(bytes.Distinct().Count() > 20));
    }

    [Fact]
    public void Answering_makes_no_garbage()
    {
        using var scope = NewDisposeScope();
        var network = new Int8Network(Pruned(), usesTwoOfFour: true, threads: 2);
        var pixels = Pixels(Pictures(1));
        network.Run(pixels);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10; i++) network.Run(pixels);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Bytes_answer_nearly_as_numbers_do()
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        var quantised = Quantised();
        var x = Pictures(1);
        var network = new Int8Network(quantised, usesTwoOfFour: false, threads: 2);
        network.Run(Pixels(x));
        var (expected, found) = (model.call(x).flatten(), tensor(network.Logits));
        Assert.InRange(nn.functional.cosine_similarity(found, expected, 0).item<float>(), 0.9f, 1.001f);
    }

    [Fact]
    public void Two_of_the_four_weights_that_a_sum_runs_over_are_kept()
    {
        var before = Enumerable.Range(0, Modules.Layers.Count).Select(layer => Modules.Weights(layer).detach().clone()).ToArray();
        var pruned = Pruned();
        for (var i = 0; i < before.Length; i++)
        {
            var layer = Modules.Layers[i];
            Assert.Equal(0, layer.IsPruned ? Pruning.Violations(pruned.Layers[i]) : 0);
            var (old, left) = (before[i].data<float>().ToArray(), Modules.Weights(i).contiguous().data<float>().ToArray());
            for (var start = 0; start < old.Length && layer.IsPruned; start += 4)
            {
                // Of the stem's 27 weights the last three are a group.
                if (layer.Taps % 4 != 0) continue;
                var group = Enumerable.Range(start, 4).ToArray();
                Assert.Equal(group.OrderByDescending(at => Math.Abs(old[at])).Take(2).Order(), group.Where(at => left[at] != 0));
            }
        }
        Assert.Equal(Modules.Weights(0).numel() / 27 * 14, (Modules.Weights(0) != 0).sum().item<long>());
    }

    // Neighbours of a row are inputs of one sum; those of a column are the same input of different sums.
    [Fact]
    public void Pruning_along_the_wrong_dimension_is_found()
    {
        var layer = new Layer(LayerKind.Pointwise, Inputs: 16, Outputs: 16, Side: 4, Stride: 1, Relu6: true, Residual: -1);
        random.manual_seed(3);
        var weights = rand(16, 16) + 0.1;
        var right = Layer(weights * Pruning.Mask(weights));
        var wrong = Layer(weights * Pruning.Mask(weights.t()).t());
        Assert.Equal(0, Pruning.Violations(right));
        Assert.True(Pruning.Violations(wrong) > 0);
        PackedModel.Write(Alone(right), out _);
        var refused = Assert.Throws<PackedException>(() => PackedModel.Write(Alone(wrong), out _));
        Assert.Equal("MLP1543", refused.Code);
        Assert.Contains("along the dimension that its sums run over", refused.Message);

        QuantisedLayer Layer(Tensor kept) => QuantisedLayer.Of(FoldedLayer.Of(layer, kept, zeros(16)));
        static QuantisedModel Alone(QuantisedLayer layer) => new([layer], [new(1, 0), new(1, 0)]);
    }

    [Fact]
    public void The_packed_file_is_read_as_it_was_written()
    {
        var pruned = Pruned();
        var file = PackedModel.Write(pruned, out var sizes);
        var read = PackedModel.Read(file, "it");
        Assert.Equal(file.Length, sizes.All);
        Assert.Equal(pruned.Activations, read.Activations);
        foreach (var (wrote, found) in pruned.Layers.Zip(read.Layers))
        {
            Assert.Equal(wrote.Layer, found.Layer);
            Assert.Equal(wrote.Weights, found.Weights);
            Assert.Equal(wrote.Scales, found.Scales);
            Assert.Equal(wrote.Biases, found.Biases);
        }
        // Half of the weights, rows filled up to whole groups, and two places of two bits for each two of them.
        var (kept, dense) = (pruned.Layers.Where(row => row.Layer.IsPruned).Sum(row => (long)row.Layer.Outputs * ((row.Layer.Taps + 3) / 4) * 2),
            pruned.Layers.Where(row => !row.Layer.IsPruned).Sum(row => (long)row.Layer.Weights));
        Assert.Equal((kept + dense, kept / 4), (sizes.Weights, sizes.Places));
        Assert.InRange(4.0 * pruned.Layers.Sum(row => row.Weights.Length + row.Biases.Length) / file.Length, 5, 6.4);
    }

    [Fact]
    public void Any_flipped_bit_is_found_and_a_place_that_is_no_place_too()
    {
        var file = PackedModel.Write(Pruned(), out var sizes);
        Random random = new(1);
        // The first layer's places follow its weights.
        var firstPlaces = (int)(sizes.Rest - 32) + 32 * 14;
        foreach (var at in Enumerable.Range(0, 40).Select(_ => random.Next(file.Length)).Append(firstPlaces).Append(8).Append(file.Length - 1))
        {
            var changed = (byte[])file.Clone();
            changed[at] ^= (byte)(1 << random.Next(8));
            Refused("MLP1541", "at least one bit has changed", changed);
        }
        Refused("MLP1540", "without the mark", [.. file[1..]]);
        Refused("MLP1541", "SHA-256", file[..^1]);

        // As if what wrote the file had been wrong, and its digest right.
        var wrong = (byte[])file.Clone();
        wrong[firstPlaces] = 0;
        System.Security.Cryptography.SHA256.HashData(wrong.AsSpan(..^32)).CopyTo(wrong.AsSpan(^32..));
        Refused("MLP1542", "places 0 and 0", wrong);

        static void Refused(string code, string words, byte[] file)
        {
            var refused = Assert.Throws<PackedException>(() => PackedModel.Read(file, "it"));
            Assert.Equal(code, refused.Code);
            Assert.Contains(words, refused.Message);
        }
    }

    [Fact]
    public void Bytes_stand_for_values_from_the_smallest_to_the_largest_and_one_for_nothing()
    {
        var activation = ByteScale.Of(-2, 6);
        Assert.Equal((0, activation.Zero, Int8.Largest), (activation.Of(-2), activation.Of(0), activation.Of(6)));
        Assert.Equal((0, Int8.Largest), (activation.Of(-9), activation.Of(9)));
        Assert.Equal(0, ByteScale.Of(0, 6).Zero);
    }

    [Fact]
    public void A_calibration_knows_what_it_has_seen()
    {
        using var scope = NewDisposeScope();
        using var network = new FoldedNetwork(Modules.Fold());
        var calibration = new Calibration(Modules.Layers);
        Tensor trained = Pictures(3), scored = Pictures(4);
        calibration.See(network, trained);
        Assert.Equal((3, 0), (calibration.Seen(trained), calibration.Seen(scored)));
        calibration.See(network, scored.narrow(0, 1, 2));
        // In whatever order their numbers lie.
        Assert.Equal(2, calibration.Seen(scored.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2)));
    }

    [Fact]
    public void A_step_counts_the_weights_that_are_left()
    {
        var pruned = Pruned();
        var count = Int8Count.Of(pruned, new Int8Network(pruned, usesTwoOfFour: true, threads: 1), batch: 2);
        Assert.Equal(2_351_972, count.Parameters);
        var macs = pruned.Layers.Sum(row => row.Layer.Macs * (row.Layer.IsPruned ? (row.Layer.Taps + 3) / 4 * 2 : row.Layer.Taps) / row.Layer.Taps);
        Assert.Equal(2 * macs, count.ForwardMacs);
        Assert.Equal(4 * macs, count.Flops);
        // No floats but the pictures themselves.
        Assert.True(count.UniqueBytes < 6_000_000);
    }
}

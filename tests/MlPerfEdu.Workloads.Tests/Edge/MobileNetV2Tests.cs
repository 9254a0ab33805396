using MlPerfEdu.Roofline.Count;
using MlPerfEdu.Workloads.Edge.MobileNetV2;
using TorchSharp;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Tests.Edge;

/// <summary>The chain of expanding, depthwise and projecting convolutions against the modules, in double precision.</summary>
public class MobileNetV2Tests
{
    // Of a tensor's largest number; where libtorch's own floats are further from the doubles, twice their distance.
    const double Tolerance = 1e-5;

    static readonly MobileNetV2Sizes Whole = new(
        32, [new(1, 16, 1, 1), new(6, 24, 2, 1), new(6, 32, 3, 2), new(6, 64, 4, 2), new(6, 96, 3, 1), new(6, 160, 3, 2), new(6, 320, 1, 1)], 1280, 100);

    // Blocks that add and that do not, several of them in a row; a last map of 4×4, 2×2 and 5×4 places; a block without expansion in the middle.
    public static TheoryData<string, int, int, int> Shapes => new()
    {
        { "32: 1-16 6-24x2 6-32x3/2: 64", 7, 8, 8 },
        { "8: 1-16 2-16x3/2 4-24/2: 40", 5, 8, 8 },
        { "16: 3-8 1-8x2 6-16x2/2: 24", 3, 9, 7 },
        { "24: 2-48x2 6-96x2/2: 192", 37, 8, 8 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Logits_gradients_and_running_statistics_are_those_of_the_modules(string layers, int maps, int height, int width)
    {
        using var scope = NewDisposeScope();
        var (exact, plain, fast) = (Results(ScalarType.Float64, isPlain: true), Results(ScalarType.Float32, isPlain: true), Results(ScalarType.Float32, isPlain: false));
        Assert.Equal(exact.Keys, fast.Keys);
        foreach (var (name, expected) in exact)
        {
            var (found, allowed) = (Distance(fast[name], expected), Math.Max(Tolerance, 2 * Distance(plain[name], expected)));
            Assert.True(found <= allowed, $"{name}: {found:g3} from the doubles, expected at most {allowed:g3}");
        }

        Dictionary<string, Tensor> Results(ScalarType type, bool isPlain)
        {
            using var model = Model(layers, type);
            model.IsPlain = isPlain;
            random.manual_seed(5);
            var pictures = (randn(maps, height, width, 3) + 0.5).to_type(type).permute(0, 3, 1, 2);
            var arriving = randn(maps, Classes).to_type(type);
            var logits = model.forward(pictures);
            (logits * arriving).sum().backward();
            var results = new Dictionary<string, Tensor> { ["logits"] = logits };
            foreach (var (name, parameter) in model.named_parameters()) results[$"gradient of {name}"] = parameter.grad!.clone();
            foreach (var (name, buffer) in model.named_buffers()) results[name] = buffer.clone();
            model.eval();
            using (inference_mode()) results["evaluated"] = model.forward(pictures).clone();
            return results;
        }
    }

    // The first block would add the stem's activations, which are no joint.
    [Fact]
    public void A_chain_that_begins_with_a_sum_is_left_to_the_modules()
    {
        using var scope = NewDisposeScope();
        using var model = Model("16: 1-16x2: 32", ScalarType.Float32);
        var pictures = randn(2, 3, 8, 8);
        var fast = model.forward(pictures);
        model.IsPlain = true;
        Assert.Equal(model.forward(pictures).data<float>(), fast.data<float>());
    }

    [Fact]
    public void Neither_a_second_run_nor_the_number_of_threads_changes_a_bit()
    {
        using var scope = NewDisposeScope();
        var threads = get_num_threads();
        try
        {
            var results = new[] { 1, 1, 2, 3 }.Select(Result).ToList();
            Assert.All(results, result => Assert.Equal(results[0], result));
        }
        finally
        {
            set_num_threads(threads);
        }

        float[] Result(int count)
        {
            set_num_threads(count);
            using var model = Model("32: 1-16 6-24x2 6-64x2/2 6-96x2: 480", ScalarType.Float32);
            random.manual_seed(6);
            var logits = model.forward(randn(19, 3, 8, 8));
            logits.square().sum().backward();
            // The classifier is libtorch's.
            return [.. model.named_parameters().Where(pair => !pair.name.StartsWith("classifier", StringComparison.Ordinal))
                .SelectMany(pair => pair.parameter.grad!.data<float>().ToArray())];
        }
    }

    [Fact]
    public void Has_the_parameters_and_multiply_adds_of_its_paper_s_network_and_its_fast_form_moves_less()
    {
        using var model = new MobileNetV2Model(Whole);
        var fast = Count();
        model.IsPlain = true;
        var plain = Count();
        Assert.Equal((2_351_972, 88_091_648), (plain.Parameters, plain.ForwardMacsPerSample));
        Assert.Equal((plain.Flops, plain.ForwardMacs, plain.Parameters), (fast.Flops, fast.ForwardMacs, fast.Parameters));
        Assert.InRange(fast.Bytes, 1, plain.Bytes / 2);
        Assert.InRange(fast.UniqueBytes, 1, plain.UniqueBytes / 2);

        StepCount Count() => ModuleCounter.Count(8, counter => counter.Watch(model).call(randn(8, 3, 32, 32)));
    }

    const int Classes = 10;

    // Other than at the start of a training, weights and biases of norms differ from 1 and 0, and some are negative; many activations reach 6.
    static MobileNetV2Model Model(string layers, ScalarType type)
    {
        random.manual_seed(4);
        var model = new MobileNetV2Model(Sizes(layers));
        using var frozen = no_grad();
        foreach (var parameter in model.parameters().Where(parameter => parameter.dim() == 1 && parameter.numel() != Classes))
            parameter.mul_(2).add_(randn(parameter.shape));
        return model.to(type);
    }

    // "32: 1-16 6-24x2/2: 64": the stem, then of each stage expansion, channels, blocks and stride, then the head.
    static MobileNetV2Sizes Sizes(string layers)
    {
        var parts = layers.Split(": ");
        return new(int.Parse(parts[0]), [.. parts[1].Split(' ').Select(Stage)], int.Parse(parts[2]), Classes);

        static MobileNetV2Stage Stage(string text)
        {
            var stride = text.Split('/');
            var blocks = stride[0].Split('x');
            var sizes = blocks[0].Split('-');
            return new(int.Parse(sizes[0]), int.Parse(sizes[1]), blocks.Length > 1 ? int.Parse(blocks[1]) : 1, stride.Length > 1 ? int.Parse(stride[1]) : 1);
        }
    }

    static double Distance(Tensor actual, Tensor expected)
    {
        var exact = expected.to(float64);
        return ((actual.to(float64) - exact).abs().max() / exact.abs().max().clamp_min(1e-30)).item<double>();
    }
}

using MlPerfEdu.Engine;
using MlPerfEdu.Engine.Training;
using MlPerfEdu.Numerics;
using MlPerfEdu.Roofline.Count;
using MlPerfEdu.Workloads.Tiny.DsCnnKws;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MlPerfEdu.Workloads.Tests.Training;

/// <summary>The chain of convolutions against the modules that it stands for, in double precision.</summary>
public class ConvolutionChainTests
{
    // Of a map's largest number; where libtorch's own floats are further from the doubles, twice their distance.
    const double Tolerance = 1e-5;

    // Kernel, padding and strides of both models; channels that need one, two and three vectors; widths below four, above a block, odd and even.
    public static TheoryData<string, int, int, int> Shapes => new()
    {
        { "10x4 s2: 64 64 48", 3, 40, 101 },
        { "3x3 s2: 16 32/2 64/2 64/2", 5, 24, 24 },
        { "3x3 s2: 16 32/2 64/2", 4, 21, 27 },
        { "3x3 s1: 8 24 8/2", 2, 5, 3 },
        { "3x5 s1: 40 8 16/2", 3, 7, 60 },
        { "2x2 s2: 24 56/2 8", 40, 11, 6 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Means_gradients_and_running_statistics_are_those_of_the_modules(string layers, int maps, int height, int width)
    {
        using var scope = NewDisposeScope();
        var (exact, plain, fast) = (Results(ScalarType.Float64, isFast: false), Results(ScalarType.Float32, isFast: false), Results(ScalarType.Float32, isFast: true));
        Assert.Equal(exact.Keys, fast.Keys);
        foreach (var (name, expected) in exact)
        {
            var (found, allowed) = (Distance(fast[name], expected), Math.Max(Tolerance, 2 * Distance(plain[name], expected)));
            Assert.True(found <= allowed, $"{name}: {found:g3} from the doubles, expected at most {allowed:g3}");
        }

        Dictionary<string, Tensor> Results(ScalarType type, bool isFast)
        {
            var model = Chain.Of(layers, type);
            random.manual_seed(5);
            // Away from zero: variances must not be differences of large numbers.
            var pictures = (randn(maps, 1, height, width) * 2 + 3).to_type(type);
            var arriving = randn(maps, model.Channels).to_type(type);
            var means = model.Run(pictures, isFast);
            (means * arriving).sum().backward();
            var results = new Dictionary<string, Tensor> { ["means"] = means };
            foreach (var (name, parameter) in model.named_parameters()) results[$"gradient of {name}"] = parameter.grad!;
            foreach (var (name, buffer) in model.named_buffers()) results[name] = buffer.clone();
            model.eval();
            using (inference_mode()) results["evaluated"] = model.Run(pictures, isFast);
            return results;
        }
    }

    [Fact]
    public void Neither_a_second_run_nor_the_number_of_threads_changes_a_bit()
    {
        using var scope = NewDisposeScope();
        var threads = get_num_threads();
        try
        {
            var results = new[] { 1, 1, 2, 2, 3 }.Select(Result).ToList();
            Assert.All(results, result => Assert.Equal(results[0], result));
        }
        finally
        {
            set_num_threads(threads);
        }

        float[] Result(int count)
        {
            set_num_threads(count);
            var model = Chain.Of("3x3 s2: 16 32/2 64", ScalarType.Float32);
            random.manual_seed(6);
            var means = model.Run(randn(37, 1, 20, 22), isFast: true);
            means.square().sum().backward();
            return [.. means.data<float>(), .. model.parameters().SelectMany(parameter => parameter.grad!.data<float>().ToArray())];
        }
    }

    // The other tests run the width that this machine has.
    [Fact]
    public void Vectors_of_both_widths_find_the_same()
    {
        MapSize small = new(9, 11, 16), large = new(9, 11, 32), half = new(5, 6, 32);
        foreach (var size in new ConvolutionSize[]
        {
            new(ConvolutionKind.Stem, new(19, 22, 1), small, 4, 3, 2, 1, 1),
            new(ConvolutionKind.Pointwise, small, large, 1, 1, 1, 0, 0),
            new(ConvolutionKind.Depthwise, large, large, 3, 3, 1, 1, 1),
            new(ConvolutionKind.Depthwise, large, half, 3, 3, 2, 1, 1),
        })
        {
            var (of512, of256) = (Of<Wide512>(size), Of<Wide256>(size));
            Assert.All(of512.Zip(of256), pair => Assert.Equal(pair.First, pair.Second, 1e-4f * Math.Max(1, Math.Abs(pair.First))));
        }
    }

    [Fact]
    public void What_the_kernels_do_not_know_is_left_to_the_modules()
    {
        using var scope = NewDisposeScope();
        var pictures = randn(2, 1, 8, 8);
        Assert.True(Takes("3x3 s2: 16 32/2", pictures));
        Assert.False(Takes("3x3 s2: 12 16", pictures));
        Assert.False(Takes("3x3 s3: 16 16", pictures));
        Assert.False(Takes("3x3 s2: 16 16", pictures.to_type(ScalarType.Float64)));
        Assert.False(Takes("3x3 s2: 16 16", pictures.requires_grad_()));

        static bool Takes(string layers, Tensor x) => Chain.Of(layers, ScalarType.Float32).Takes(x);
    }

    [Fact]
    public void Both_forms_of_a_model_count_the_same_products_and_the_fast_one_moves_less()
    {
        using var model = new DsCnnModel([16, 32, 16], 3);
        var fast = Count();
        model.IsPlain = true;
        var plain = Count();
        Assert.Equal((plain.Flops, plain.ForwardMacs, plain.Parameters), (fast.Flops, fast.ForwardMacs, fast.Parameters));
        Assert.InRange(fast.Bytes, 1, plain.Bytes / 2);
        Assert.InRange(fast.UniqueBytes, 1, plain.UniqueBytes / 2);

        StepCount Count() => ModuleCounter.Count(4, counter => counter.Watch(model).call(randn(4, 1, 40, 101)));
    }

    static unsafe float[] Of<T>(ConvolutionSize size)
        where T : struct, IWide<T>
    {
        const int maps = 2;
        var (inputs, outputs) = (size.From.Channels, size.To.Channels);
        var room = Math.Max(size.From.Numbers, size.To.Numbers);
        using NativeFloats x = Normals(maps * (int)size.From.Numbers, 1), norms = Normals(2 * NormVectors.Count * Math.Max(inputs, outputs), 2);
        using NativeFloats weights = Normals(size.Weights, 3), g = Normals(maps * (int)room, 4), transposed = Normals(size.Weights, 5);
        using NativeFloats y = Zeros(maps * (int)size.To.Numbers), statistics = Zeros(StatisticsVectors.Count * outputs), scratch = Zeros(size.Scratch);
        using NativeFloats ofWeights = Zeros(size.Weights), sums = Zeros(GradientVectors.Count * inputs);
        var range = ActivationRange.Relu;
        NormVectors before = new(norms.Address, inputs, range), after = new(norms.Address + NormVectors.Count * Math.Max(inputs, outputs), outputs, range);
        ForwardPart forward = new(x.Address, before, weights.Address, y.Address, statistics.Address);
        NormedConvolution<T>.Forward(size, forward, 0, maps, scratch.Address);
        NormedConvolution<T>.Backward(
            size, new(forward, after, transposed.Address, null, g.Address, room, ofWeights.Address, sums.Address), 0, maps, scratch.Address);
        var all = new List<float>();
        foreach (var (numbers, count) in new[]
        {
            (y, maps * (int)size.To.Numbers), (statistics, StatisticsVectors.Count * outputs), (g, maps * (int)room), (sums, GradientVectors.Count * inputs),
        })
        {
            all.AddRange(new ReadOnlySpan<float>(numbers.Address, count));
        }
        for (var tap = 0; tap < size.Taps; tap++)
            all.AddRange(new ReadOnlySpan<float>(ofWeights.Address + size.WeightRow(tap) * outputs, outputs));
        return [.. all];
    }

    static unsafe NativeFloats Normals(int count, int seed)
    {
        var room = new NativeFloats(count);
        new RandomData(seed).Normals(count).CopyTo(new Span<float>(room.Address, count));
        return room;
    }

    static unsafe NativeFloats Zeros(int count)
    {
        var room = new NativeFloats(count);
        new Span<float>(room.Address, count).Clear();
        return room;
    }

    static double Distance(Tensor actual, Tensor expected)
    {
        var exact = expected.to(float64);
        return ((actual.to(float64) - exact).abs().max() / exact.abs().max().clamp_min(1e-30)).item<double>();
    }

    /// <summary>A stem and blocks, as in "3x3 s2: 16 32/2 64": the stem's kernel and stride, its channels, those of the blocks, and strides after a slash.</summary>
    sealed class Chain : Module<Tensor, Tensor>
    {
        readonly Conv2d stem;
        readonly BatchNorm2d stemNorm;
        readonly ModuleList<DepthwiseSeparable> blocks = new();
        readonly ConvolutionChain chain;

        Chain(int[] kernel, int stride, int[][] blocks) : base(nameof(Chain))
        {
            stem = Conv2d(1, blocks[0][0], (kernel[0], kernel[1]), (stride, stride), ((kernel[0] - 1) / 2, (kernel[1] - 1) / 2), bias: false);
            stemNorm = BatchNorm2d(blocks[0][0]);
            for (var i = 1; i < blocks.Length; i++)
                this.blocks.Add(new DepthwiseSeparable(blocks[i - 1][0], blocks[i][0], blocks[i].Length > 1 ? blocks[i][1] : 1));
            RegisterComponents();
            chain = new(stem, stemNorm, this.blocks);
            Channels = blocks[^1][0];
        }

        public int Channels { get; }

        public static Chain Of(string layers, ScalarType type)
        {
            random.manual_seed(4);
            var words = layers.Split(' ');
            int[] kernel = [.. words[0].Split('x').Select(int.Parse)];
            var model = new Chain(kernel, int.Parse(words[1].Trim('s', ':')), [.. words[2..].Select(word => word.Split('/').Select(int.Parse).ToArray())]);
            // Other than at the start of a training, weights and biases of norms differ from 1 and 0, and some are negative.
            foreach (var (name, parameter) in model.named_parameters())
            {
                using var mode = no_grad();
                if (parameter.shape.Length == 1) parameter.add_(randn(parameter.shape) * 0.5);
            }
            return model.to(type);
        }

        public bool Takes(Tensor x) => chain.Takes(x);

        public Tensor Run(Tensor x, bool isFast) => isFast ? chain.Of(x) : call(x);

        public override Tensor forward(Tensor x)
        {
            x = functional.relu(stemNorm.call(stem.call(x)));
            foreach (var block in blocks) x = block.call(x);
            return x.mean([2, 3]);
        }
    }
}

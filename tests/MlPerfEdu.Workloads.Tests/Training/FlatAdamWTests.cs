using MlPerfEdu.Engine.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Tests.Training;

public class FlatAdamWTests(ITestOutputHelper output)
{
    const double LearningRate = 1e-2, Decay = 0.1, ClipNorm = 0.7;

    // Sizes beside multiples of a vector's length, so that both the vector loop and its tail are taken.
    static readonly long[][] Shapes = [[3, 5], [37], [1], [16, 16]];

    // More parameters than one thread is given.
    static readonly long[][] LargeShapes = [.. Shapes, [1100, 1000], [700]];

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Follows_the_library_optimizer_with_its_gradient_clipping(bool decayInGradient, bool large)
    {
        using var scope = NewDisposeScope();
        var flat = MakeParameters(large ? LargeShapes : Shapes);
        var library = MakeParameters(large ? LargeShapes : Shapes);
        using var flatOptimizer = new FlatAdamW(flat, (0.9, 0.999), 1e-8, Decay, ClipNorm)
        {
            LearningRate = LearningRate,
            DecayInGradient = decayInGradient,
        };
        using optim.Optimizer libraryOptimizer = decayInGradient
            ? optim.Adam(library, LearningRate, weight_decay: Decay)
            : optim.AdamW(library, LearningRate, weight_decay: Decay);

        for (var step = 0; step < 20; step++)
        {
            Loss(flat, step).backward();
            flatOptimizer.Step();

            libraryOptimizer.zero_grad();
            Loss(library, step).backward();
            nn.utils.clip_grad_norm_(library, ClipNorm);
            libraryOptimizer.step();
        }

        var largest = flat.Zip(library).Max(pair => (pair.First - pair.Second).abs().max().item<float>());
        output.WriteLine($"largest difference after 20 steps: {largest:g3}");
        Assert.True(largest < 2e-6, $"largest difference {largest:g3}, expected below 2e-6");
    }

    [Fact]
    public void Lets_go_of_the_gradients()
    {
        using var scope = NewDisposeScope();
        var parameters = MakeParameters(Shapes);
        using var optimizer = new FlatAdamW(parameters, (0.9, 0.999), 1e-8, 0, 0) { LearningRate = LearningRate };
        Loss(parameters, 0).backward();
        optimizer.Step();
        Assert.All(parameters, parameter => Assert.Null(parameter.grad));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public unsafe void Gradients_in_one_piece_give_the_same_bits(bool large)
    {
        using var scope = NewDisposeScope();
        var (tensors, flat) = (MakeParameters(large ? LargeShapes : Shapes), MakeParameters(large ? LargeShapes : Shapes));
        using var gradients = new FlatGradients(flat);
        using var ofTensors = new FlatAdamW(tensors, (0.9, 0.999), 1e-8, Decay, ClipNorm) { LearningRate = LearningRate };
        using var ofFlat = new FlatAdamW(flat, (0.9, 0.999), 1e-8, Decay, ClipNorm, gradients) { LearningRate = LearningRate };
        for (var step = 0; step < 3; step++)
        {
            Loss(tensors, step).backward();
            foreach (var (parameter, source) in flat.Zip(tensors))
                source.grad!.data<float>().ToArray().CopyTo(new Span<float>(gradients.Of(parameter), (int)parameter.numel()));
            ofTensors.Step();
            ofFlat.Step();
        }
        Assert.All(flat.Zip(tensors), pair => Assert.Equal(pair.Second.data<float>().ToArray(), pair.First.data<float>().ToArray()));
    }

    [Fact]
    public void Names_the_parameter_that_has_no_gradient()
    {
        using var scope = NewDisposeScope();
        using var optimizer = new FlatAdamW(MakeParameters(Shapes), (0.9, 0.999), 1e-8, 0, 0);
        var error = Assert.Throws<InvalidOperationException>(optimizer.Step);
        Assert.Contains("Parameter 0", error.Message, StringComparison.Ordinal);
    }

    static List<Parameter> MakeParameters(long[][] shapes)
    {
        random.manual_seed(3);
        return [.. shapes.Select(shape => nn.Parameter(randn(shape)))];
    }

    // Gradients of very different sizes, above the clipping norm in some steps and below it in others.
    static Tensor Loss(List<Parameter> parameters, int step) =>
        parameters.Select((parameter, i) => (parameter - i).square().mul(1 + i).sum()).Aggregate((a, b) => a + b) * Math.Pow(10, -(step % 5));
}

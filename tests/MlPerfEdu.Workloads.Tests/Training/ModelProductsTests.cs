using MlPerfEdu.Engine;
using MlPerfEdu.Engine.Training;
using MlPerfEdu.Numerics;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Tests.Training;

public class ModelProductsTests
{
    // A rounding of every operand and one of the result, of numbers whose largest counts.
    const double Tolerance = 3 * Bf16.Rounding;

    [Theory]
    [InlineData(64, 96, 80)]
    [InlineData(33, 17, 50)]
    [InlineData(1, 64, 64)]
    public void A_linear_layer_and_its_gradients_are_those_of_double_precision(int rows, int inputs, int outputs)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(1);
        using var products = new ModelProducts(PrecisionChoice.Always);
        var module = nn.Linear(inputs, outputs);
        var x = randn(rows, inputs).requires_grad_();
        var arriving = randn(rows, outputs);

        var y = products.Linear("layer", module, x);
        Assert.Equal(ScalarType.BFloat16, y.dtype);
        var found = autograd.grad([y.to(float32)], [x, module.weight, module.bias!], [arriving]);

        var exact = new[] { x, module.weight, module.bias! }.Select(of => of.detach().to(float64).requires_grad_()).ToArray();
        var expected = exact[0].mm(exact[1].t()) + exact[2];
        var gradients = autograd.grad([expected], exact, [arriving.to(float64)]);

        Near(expected, y);
        foreach (var (gradient, of) in gradients.Zip(found))
        {
            Assert.Equal(ScalarType.Float32, of.dtype);
            Near(gradient, of);
        }
    }

    // In bf16, 256 and 1 are 256.
    [Fact]
    public void Gradients_of_a_weight_that_is_used_twice_are_added_in_fp32()
    {
        using var scope = NewDisposeScope();
        using var products = new ModelProducts(PrecisionChoice.Always);
        var weight = nn.Parameter(ones(2, 2));
        var (large, small) = (full(1, 2, 256f), full(1, 2, 1f));
        (products.Linear(large, weight).to(float32).sum() + products.Linear(small, weight).to(float32).sum()).backward();
        Assert.All(weight.grad!.data<float>().ToArray(), value => Assert.Equal(257, value));
    }

    [Fact]
    public void Gradients_of_rows_that_are_read_twice_are_added_in_fp32()
    {
        using var scope = NewDisposeScope();
        using var products = new ModelProducts(PrecisionChoice.Always);
        var (large, small) = (nn.Parameter(full(1, 2, 256f)), nn.Parameter(full(1, 2, 1f)));
        var x = ones(1, 2).requires_grad_();
        (products.Linear(x, large).to(float32).sum() + products.Linear(x, small).to(float32).sum()).backward();
        Assert.All(x.grad!.data<float>().ToArray(), value => Assert.Equal(257, value));
    }

    [Fact]
    public void Sums_are_fp32()
    {
        using var scope = NewDisposeScope();
        using var products = new ModelProducts(PrecisionChoice.Always);
        var sum = products.AddLinear(full(1, 2, 256f), ones(1, 2), nn.Parameter(full(2, 2, 0.5f)));
        Assert.Equal(ScalarType.Float32, sum.dtype);
        Assert.All(sum.data<float>().ToArray(), value => Assert.Equal(257, value));
    }

    // The larger one is updated in parts, by several threads.
    [Theory]
    [InlineData(24, 40)]
    [InlineData(600, 500)]
    public void Copies_follow_an_optimizer_and_are_made_anew_after_loading(int inputs, int outputs)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(2);
        using var products = new ModelProducts(PrecisionChoice.Always);
        var module = nn.Linear(inputs, outputs);
        using var optimizer = new FlatAdamW([module.weight, module.bias!], (0.9, 0.999), 1e-8, 0, 0)
        {
            LearningRate = 0.1,
            Updated = products.Renew,
        };
        for (var step = 0; step < 3; step++)
        {
            products.Linear("layer", module, randn(8, inputs)).to(float32).square().sum().backward();
            optimizer.Step();
            IsCopied();
        }

        using (no_grad()) module.weight.add_(1);
        products.Forget();
        IsCopied();

        void IsCopied()
        {
            foreach (var weight in new[] { module.weight, module.bias! })
                Assert.True(products.CopyOf(weight).eq(weight.to(bfloat16)).all().item<bool>());
        }
    }

    // What is used for answers first and trained afterwards: copies from inference mode could not be kept for a backward pass.
    [Fact]
    public void A_copy_that_was_made_for_an_answer_serves_a_gradient()
    {
        using var scope = NewDisposeScope();
        using var products = new ModelProducts(PrecisionChoice.Always);
        var weight = nn.Parameter(randn(3, 4));
        using (inference_mode()) products.Linear(randn(2, 4), weight);
        products.Linear(randn(2, 4), weight).to(float32).sum().backward();
        Assert.NotNull(weight.grad);
    }

    [Fact]
    public void Fp32_products_are_those_of_the_module_to_the_last_bit()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(3);
        using var products = new ModelProducts(PrecisionChoice.Fp32);
        var (module, x) = (nn.Linear(48, 32), randn(16, 48));
        Assert.True(products.Linear("layer", module, x).eq(module.call(x)).all().item<bool>());
        Assert.True(products.Linear(x, module.weight).eq(x.mm(module.weight.t())).all().item<bool>());
    }

    static void Near(Tensor exact, Tensor found)
    {
        var error = ((found.to(float64) - exact).abs().max() / exact.abs().max()).item<double>();
        Assert.InRange(error, 0, Tolerance);
    }
}

using MlPerfEdu.Engine;
using MlPerfEdu.Numerics;

namespace MlPerfEdu.Workloads.Tests.Training;

public class PrecisionChoiceTests
{
    [Theory]
    [InlineData("amx_bf16")]
    [InlineData("avx512_bf16")]
    [InlineData("bf16")]
    public void A_processor_with_bf16_products_uses_them_once_one_was_right(string isa)
    {
        var choice = PrecisionChoice.Decide(["avx2", isa], () => Bf16.Rounding / 2);
        Assert.Equal((Precision.Bf16, Precision.Bf16, (string?)null), (choice.Asked, choice.Used, choice.Fallback));
        Assert.StartsWith(isa, choice.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_them_no_product_is_tried_and_one_line_says_so()
    {
        var choice = PrecisionChoice.Decide(["avx2", "avx512f"], () => throw new InvalidOperationException("tried"));
        Assert.Equal(Precision.Fp32, choice.Used);
        Assert.Equal(
            "precision: found a processor without bf16 products (none of amx_bf16, avx512_bf16, bf16) → expected one for bf16 → products are fp32.",
            choice.Fallback);
        Assert.Equal(["precision.used", "precision.why"], choice.Settings().Select(setting => setting.Key));
    }

    [Theory]
    [InlineData(0.02)]
    [InlineData(double.NaN)]
    public void A_product_that_is_wrong_is_not_used(double error)
    {
        var choice = PrecisionChoice.Decide(["amx_bf16"], () => error);
        Assert.Equal(Precision.Fp32, choice.Used);
        Assert.Contains("off by", choice.Fallback, StringComparison.Ordinal);
    }

    // Slow without instructions for it, but right.
    [Fact]
    public void The_product_that_is_tried_is_right_here() => Assert.InRange(TrialProduct.Error(), 1e-6, Bf16.Rounding);

    [Fact]
    public void What_asks_for_fp32_says_nothing()
    {
        var choice = PrecisionChoice.Of(Precision.Fp32);
        Assert.Equal((Precision.Fp32, (string?)null), (choice.Used, choice.Fallback));
        Assert.Empty(choice.Settings());
        Assert.False(choice.IsBf16(1024, 1024, 1024));
    }

    [Theory]
    [InlineData(512, 384, 1152, true)]
    [InlineData(512, 384, 128, true)]
    [InlineData(1, 384, 1536, false)]
    [InlineData(4096, 768, 32, false)]
    [InlineData(64, 64, 64, false)]
    public void Small_products_stay_fp32(long rows, long inputs, long outputs, bool isBf16) =>
        Assert.Equal(isBf16, PrecisionChoice.Decide(["amx_bf16"], () => 0).IsBf16(rows, inputs, outputs));
}

using MlPerfEdu.Torch.Tests.Parity;
using TorchSharp;
using static TorchSharp.torch;

namespace MlPerfEdu.Torch.Tests.Cases;

internal static partial class Pointwise
{
    private static void AddComparisons(CaseTable table)
    {
        table.Add("eq", i => i["a"].eq(i["b"]), i => i["a"] == i["b"], i => eq(i["a"], i["b"]));
        table.Add("eq_scalar", i => i["a"].eq(1), i => i["a"] == 1);
        table.Add("ne",
            i => i["a"].ne(i["b"]), i => i["a"] != i["b"], i => ne(i["a"], i["b"]), i => i["a"].not_equal(i["b"]),
            i => not_equal(i["a"], i["b"]));
        table.Add("ne_scalar", i => i["a"].ne(1), i => i["a"] != 1);
        table.Add("lt",
            i => i["a"].lt(i["b"]), i => i["a"] < i["b"], i => lt(i["a"], i["b"]), i => i["a"].less(i["b"]), i => less(i["a"], i["b"]));
        table.Add("lt_scalar", i => i["a"].lt(1), i => i["a"] < 1);
        table.Add("le",
            i => i["a"].le(i["b"]), i => i["a"] <= i["b"], i => le(i["a"], i["b"]), i => i["a"].less_equal(i["b"]),
            i => less_equal(i["a"], i["b"]));
        table.Add("le_scalar", i => i["a"].le(1), i => i["a"] <= 1);
        table.Add("gt",
            i => i["a"].gt(i["b"]), i => i["a"] > i["b"], i => gt(i["a"], i["b"]), i => i["a"].greater(i["b"]),
            i => greater(i["a"], i["b"]));
        table.Add("gt_scalar", i => i["a"].gt(1), i => i["a"] > 1);
        table.Add("ge",
            i => i["a"].ge(i["b"]), i => i["a"] >= i["b"], i => ge(i["a"], i["b"]), i => i["a"].greater_equal(i["b"]),
            i => greater_equal(i["a"], i["b"]));
        table.Add("ge_scalar", i => i["a"].ge(1), i => i["a"] >= 1);
        table.Add("logical_and",
            i => logical_and(i["a"], i["b"]), i => i["a"].logical_and(i["b"]), i => i["a"].clone().logical_and_(i["b"]),
            i => logical_and_(i["a"].clone(), i["b"]));
        table.Add("logical_or",
            i => logical_or(i["a"], i["b"]), i => i["a"].logical_or(i["b"]), i => i["a"].clone().logical_or_(i["b"]),
            i => logical_or_(i["a"].clone(), i["b"]));
        table.Add("logical_xor",
            i => logical_xor(i["a"], i["b"]), i => i["a"].logical_xor(i["b"]), i => i["a"].clone().logical_xor_(i["b"]),
            i => logical_xor_(i["a"].clone(), i["b"]));
        table.Add("logical_not", i => logical_not(i["a"]), i => i["a"].logical_not(), i => i["a"].clone().logical_not_());
        table.Add("bitwise_and",
            i => bitwise_and(i["a"], i["b"]), i => i["a"].bitwise_and(i["b"]), i => i["a"].clone().bitwise_and_(i["b"]),
            i => i["a"] & i["b"], i => bitwise_and_(i["a"].clone(), i["b"]));
        table.Add("bitwise_or",
            i => bitwise_or(i["a"], i["b"]), i => i["a"].bitwise_or(i["b"]), i => i["a"].clone().bitwise_or_(i["b"]),
            i => i["a"] | i["b"], i => bitwise_or_(i["a"].clone(), i["b"]));
        table.Add("bitwise_xor",
            i => bitwise_xor(i["a"], i["b"]), i => i["a"].bitwise_xor(i["b"]), i => i["a"].clone().bitwise_xor_(i["b"]),
            i => i["a"] ^ i["b"], i => bitwise_xor_(i["a"].clone(), i["b"]));
        table.Add("bitwise_not",
            i => bitwise_not(i["a"]), i => i["a"].bitwise_not(), i => i["a"].clone().bitwise_not_(), i => ~i["a"],
            i => bitwise_not_(i["a"].clone()));
        table.Add("isnan", i => isnan(i["a"]), i => i["a"].isnan());
        table.Add("isinf", i => isinf(i["a"]), i => i["a"].isinf());
        table.Add("isneginf", i => isneginf(i["a"]), i => i["a"].isneginf());
        table.Add("isposinf", i => isposinf(i["a"]), i => i["a"].isposinf());
        table.Add("isclose", i => isclose(i["a"], i["b"]), i => i["a"].isclose(i["b"]));
        table.Add("isfinite", i => isfinite(i["a"]), i => i["a"].isfinite());
        table.Add("comparison_with_nan", i => i["a"].eq(i["a"]));
    }

    private static void AddMoreArithmetic(CaseTable table)
    {
        table.Add("copysign", i => copysign(i["a"], i["b"]), i => i["a"].copysign(i["b"]));
        table.Add("fmax", i => fmax(i["a"], i["b"]), i => i["a"].fmax(i["b"]));
        table.Add("fmin", i => fmin(i["a"], i["b"]), i => i["a"].fmin(i["b"]));
        table.Add("float_power", i => float_power(i["a"], i["b"]), i => i["a"].float_power(i["b"]));
        table.Add("gcd",
            i => gcd(i["a"], i["b"]), i => i["a"].gcd(i["b"]), i => i["a"].clone().gcd_(i["b"]), i => gcd_(i["a"].clone(), i["b"]));
        table.Add("lcm",
            i => lcm(i["a"], i["b"]), i => i["a"].lcm(i["b"]), i => i["a"].clone().lcm_(i["b"]), i => lcm_(i["a"].clone(), i["b"]));
        table.Add("heaviside", i => heaviside(i["a"], i["b"]), i => i["a"].heaviside(i["b"]));
        table.Add("hypot", i => hypot(i["a"], i["b"]), i => i["a"].hypot(i["b"]));
        table.Add("logaddexp", i => logaddexp(i["a"], i["b"]), i => i["a"].logaddexp(i["b"]));
        table.Add("logaddexp2", i => logaddexp2(i["a"], i["b"]), i => i["a"].logaddexp2(i["b"]));
        table.Add("nextafter", i => nextafter(i["a"], i["b"]), i => i["a"].nextafter(i["b"]));
        table.Add("xlogy",
            i => xlogy(i["a"], i["b"]), i => i["a"].xlogy(i["b"]), i => i["a"].clone().xlogy_(i["b"]),
            i => xlogy_(i["a"].clone(), i["b"]));
        table.Add("bitwise_left_shift", i => bitwise_left_shift(i["a"], i["b"]), i => i["a"].bitwise_left_shift(i["b"]));
        table.Add("bitwise_right_shift", i => bitwise_right_shift(i["a"], i["b"]), i => i["a"].bitwise_right_shift(i["b"]));
        table.Add("true_divide_of_ints", i => true_divide(i["a"], i["b"]), i => i["a"].true_divide(i["b"]));
        table.Add("floor_divide_float",
            i => i["a"].floor_divide(i["b"]), i => i["a"].clone().floor_divide_(i["b"]), i => floor_divide_(i["a"].clone(), i["b"]));
        table.Add("remainder_tensor",
            i => i["a"].remainder(i["b"]), i => i["a"].clone().remainder_(i["b"]), i => i["a"] % i["b"],
            i => remainder_(i["a"].clone(), i["b"]));
        table.Add("fmod_tensor", i => i["a"].fmod(i["b"]), i => i["a"].clone().fmod_(i["b"]), i => fmod_(i["a"].clone(), i["b"]));
        table.Add("prelu", i => i["a"].prelu(i["b"]));
    }

    private static void AddPromotion(CaseTable table)
    {
        table.Add("int_plus_float", i => i["a"] + i["b"]);
        table.Add("int_plus_float_scalar", i => i["a"] + 0.5);
        table.Add("int_divided", i => i["a"] / i["b"]);
        table.Add("uint8_plus_int32", i => i["a"] + i["b"]);
        table.Add("uint8_wraps", i => i["a"] + i["b"]);
        table.Add("bool_plus_int64", i => i["a"] + i["b"]);
        table.Add("float_plus_double", i => i["a"] + i["b"]);
        table.Add("double_scalar_keeps_float", i => i["a"] * 0.1);
        table.Add("bfloat16_plus_float", i => i["a"] + i["b"]);
        table.Add("bfloat16_mul", i => i["a"] * i["b"]);
        table.Add("int8_mul", i => i["a"] * i["b"]);
        table.Add("int16_sub", i => i["a"] - i["b"]);
    }

    private static void AddInPlace(CaseTable table)
    {
        table.Add("add_", i => i["a"].clone().add_(i["b"]), i => add_(i["a"].clone(), i["b"]));
        table.Add("sub_", i => i["a"].clone().sub_(i["b"]), i => sub_(i["a"].clone(), i["b"]));
        table.Add("mul_", i => i["a"].clone().mul_(i["b"]), i => mul_(i["a"].clone(), i["b"]));
        table.Add("div_", i => i["a"].clone().div_(i["b"]), i => div_(i["a"].clone(), i["b"]));
        table.Add("add_scalar_", i => i["a"].clone().add_(0.5));
        table.Add("sub_scalar_", i => i["a"].clone().sub_(0.5));
        table.Add("mul_scalar_", i => i["a"].clone().mul_(0.5));
        table.Add("div_scalar_", i => i["a"].clone().div_(2));
        table.Add("add_alpha_", i => i["a"].clone().add_(i["b"], -2));
        table.Add("addcmul_", i => i["a"].clone().addcmul_(i["b"], i["b"], 0.5), i => addcmul_(i["a"].clone(), i["b"], i["b"], 0.5));
        table.Add("addcdiv_",
            i => i["a"].clone().addcdiv_(i["b"], i["b"] + 9, 0.5), i => addcdiv_(i["a"].clone(), i["b"], i["b"] + 9, 0.5));
        table.Add("lerp_", i => i["a"].clone().lerp_(i["b"], 0.25f));
        table.Add("copy_", i => i["a"].clone().copy_(i["b"]));
        table.Add("zero_", i => i["a"].clone().zero_());
        table.Add("fill_", i => i["a"].clone().fill_(3));
        table.Add("clamp_", i => i["a"].clone().clamp_(-0.5, 0.5), i => clamp_(i["a"].clone(), -0.5, 0.5));
        table.Add("masked_fill_", i => i["a"].clone().masked_fill_(i["a"].detach() > 0, 7));
    }
}

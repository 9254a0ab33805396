using MlPerfEdu.Torch.Tests.Parity;
using TorchSharp;
using static TorchSharp.torch;

namespace MlPerfEdu.Torch.Tests.Cases;

internal static partial class Pointwise
{
    public static CaseTable Table { get; } = Filled();

    private static CaseTable Filled()
    {
        var table = new CaseTable("pointwise");
        AddFunctions(table);
        AddTrigonometry(table);
        AddMoreArithmetic(table);
        AddArithmetic(table);
        AddComparisons(table);
        AddPromotion(table);
        AddInPlace(table);
        return table;
    }

    private static void AddArithmetic(CaseTable table)
    {
        table.Add("add", i => i["a"] + i["b"], i => i["a"].add(i["b"]), i => add(i["a"], i["b"]));
        table.Add("add_broadcast", i => i["a"] + i["b"]);
        table.Add("add_scalar", i => i["a"] + 1.5, i => 1.5 + i["a"], i => i["a"].add(1.5), i => add(i["a"], 1.5));
        table.Add("add_alpha", i => i["a"].add(i["b"], 0.5), i => add(i["a"], i["b"], 0.5));
        table.Add("sub",
            i => i["a"] - i["b"], i => i["a"].sub(i["b"]), i => sub(i["a"], i["b"]), i => i["a"].subtract(i["b"]),
            i => subtract(i["a"], i["b"]));
        table.Add("sub_scalar", i => i["a"] - 2, i => i["a"].sub(2), i => sub(i["a"], 2));
        table.Add("scalar_sub", i => 2 - i["a"]);
        table.Add("mul",
            i => i["a"] * i["b"], i => i["a"].mul(i["b"]), i => mul(i["a"], i["b"]), i => i["a"].multiply(i["b"]),
            i => multiply(i["a"], i["b"]));
        table.Add("mul_scalar", i => i["a"] * -0.25, i => -0.25 * i["a"], i => i["a"].mul(-0.25), i => mul(i["a"], -0.25));
        table.Add("div",
            i => i["a"] / i["b"], i => i["a"].div(i["b"]), i => div(i["a"], i["b"]), i => i["a"].divide(i["b"]),
            i => divide(i["a"], i["b"]));
        table.Add("div_scalar", i => i["a"] / 3, i => i["a"].div(3), i => div(i["a"], 3));
        table.Add("scalar_div", i => 1 / i["a"]);
        table.Add("div_floor", i => i["a"].div(i["b"], RoundingMode.floor), i => div(i["a"], i["b"], RoundingMode.floor));
        table.Add("floor_divide", i => floor_divide(i["a"], i["b"]), i => i["a"].floor_divide(i["b"]));
        table.Add("remainder", i => remainder(i["a"], 3), i => i["a"].remainder(3), i => i["a"] % 3);
        table.Add("fmod", i => fmod(i["a"], 3), i => i["a"].fmod(3));
        table.Add("neg_operator", i => -i["a"]);
        table.Add("pow_scalar", i => i["a"].pow(3), i => pow(i["a"], 3), i => i["a"].clone().pow_(3), i => pow_(i["a"].clone(), 3));
        table.Add("pow_tensor", i => i["a"].pow(i["b"]), i => pow(i["a"], i["b"]));
        table.Add("maximum", i => maximum(i["a"], i["b"]), i => i["a"].maximum(i["b"]));
        table.Add("minimum", i => minimum(i["a"], i["b"]), i => i["a"].minimum(i["b"]));
        table.Add("clamp",
            i => i["a"].clamp(-0.5, 0.75), i => clamp(i["a"], -0.5, 0.75), i => i["a"].clip(-0.5, 0.75), i => clip(i["a"], -0.5, 0.75),
            i => clamp_(i["a"].clone(), -0.5, 0.75));
        table.Add("clamp_min", i => i["a"].clamp_min(0.25), i => i["a"].clamp(min: 0.25), i => clamp_min(i["a"], 0.25));
        table.Add("clamp_max", i => i["a"].clamp_max(0.25), i => i["a"].clamp(max: 0.25), i => clamp_max(i["a"], 0.25));
        table.Add("lerp", i => lerp(i["a"], i["b"], 0.3f), i => i["a"].lerp(i["b"], 0.3f));
        table.Add("addcmul", i => i["a"].addcmul(i["b"], i["c"], 0.5), i => addcmul(i["a"], i["b"], i["c"], 0.5));
        table.Add("addcdiv", i => i["a"].addcdiv(i["b"], i["c"], 0.5), i => addcdiv(i["a"], i["b"], i["c"], 0.5));
        table.Add("where", i => where(i["c"], i["a"], i["b"]), i => i["a"].where(i["c"], i["b"]));
        table.Add("masked_fill", i => i["a"].masked_fill(i["m"], -9));
        table.Add("maximum_keeps_nan", i => maximum(i["a"], i["b"]));
        table.Add("division_by_zero", i => i["a"] / i["b"]);
        table.Add("add_empty", i => i["a"] + i["b"]);
        table.Add("add_transposed", i => i["a"] + i["b"]);
        table.Add("mul_strided", i => i["a"] * i["b"]);
        table.Add("sum_of_products", i => (i["a"] * i["b"] + i["c"]).tanh());
    }
}

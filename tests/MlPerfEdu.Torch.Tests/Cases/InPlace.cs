using MlPerfEdu.Torch.Tests.Parity;
using TorchSharp;
using static TorchSharp.torch;

namespace MlPerfEdu.Torch.Tests.Cases;

internal static class InPlace
{
    public static CaseTable Table { get; } = Filled();

    private static CaseTable Filled()
    {
        var table = new CaseTable("inplace");
        AddFunctions(table);
        AddPairs(table);
        AddShapes(table);
        return table;
    }

    private static void AddFunctions(CaseTable table)
    {
        table.Add("asinh_",
            i => i["a"].clone().asinh_(), i => i["a"].clone().arcsinh_(), i => asinh_(i["a"].clone()), i => arcsinh_(i["a"].clone()));
        table.Add("acosh_",
            i => i["a"].clone().acosh_(), i => i["a"].clone().arccosh_(), i => acosh_(i["a"].clone()), i => arccosh_(i["a"].clone()));
        table.Add("atanh_",
            i => i["a"].clone().atanh_(), i => i["a"].clone().arctanh_(), i => atanh_(i["a"].clone()), i => arctanh_(i["a"].clone()));
        table.Add("exp2_", i => i["a"].clone().exp2_(), i => exp2_(i["a"].clone()));
        table.Add("deg2rad_", i => i["a"].clone().deg2rad_(), i => deg2rad_(i["a"].clone()));
        table.Add("rad2deg_", i => i["a"].clone().rad2deg_(), i => rad2deg_(i["a"].clone()));
        table.Add("logit_", i => i["a"].clone().logit_(), i => logit_(i["a"].clone()));
        table.Add("negative_", i => negative_(i["a"].clone()));
        table.Add("clamp_min_", i => i["a"].clone().clamp_min_(0.25), i => clamp_min_(i["a"].clone(), 0.25));
        table.Add("clamp_max_", i => i["a"].clone().clamp_max_(0.25), i => clamp_max_(i["a"].clone(), 0.25));
    }

    private static void AddPairs(CaseTable table)
    {
        table.Add("atan2_",
            i => i["a"].clone().atan2_(i["b"]), i => i["a"].clone().arctan2_(i["b"]), i => atan2_(i["a"].clone(), i["b"]),
            i => arctan2_(i["a"].clone(), i["b"]));
        table.Add("copysign_", i => i["a"].clone().copysign_(i["b"]), i => copysign_(i["a"].clone(), i["b"]));
        table.Add("nextafter_", i => i["a"].clone().nextafter_(i["b"]), i => nextafter_(i["a"].clone(), i["b"]));
        table.Add("float_power_", i => i["a"].clone().float_power_(i["b"]), i => float_power_(i["a"].clone(), i["b"]));
        table.Add("heaviside_", i => i["a"].clone().heaviside_(i["b"]), i => heaviside_(i["a"].clone(), i["b"]));
        table.Add("subtract_", i => i["a"].clone().subtract_(i["b"]), i => subtract_(i["a"].clone(), i["b"]));
        table.Add("divide_", i => i["a"].clone().divide_(i["b"]), i => divide_(i["a"].clone(), i["b"]));
        table.Add("true_divide_", i => i["a"].clone().true_divide_(i["b"]), i => true_divide_(i["a"].clone(), i["b"]));
        table.Add("multiply_", i => multiply_(i["a"].clone(), i["b"]));
        table.Add("eq_", i => i["a"].clone().eq_(i["b"]));
        table.Add("ne_", i => i["a"].clone().ne_(i["b"]));
        table.Add("lt_", i => i["a"].clone().lt_(i["b"]));
        table.Add("le_", i => i["a"].clone().le_(i["b"]));
        table.Add("gt_", i => i["a"].clone().gt_(i["b"]));
        table.Add("ge_", i => i["a"].clone().ge_(i["b"]));
        table.Add("bitwise_left_shift_", i => i["a"].clone().bitwise_left_shift_(i["b"]), i => bitwise_left_shift_(i["a"].clone(), i["b"]));
        table.Add("bitwise_right_shift_",
            i => i["a"].clone().bitwise_right_shift_(i["b"]), i => bitwise_right_shift_(i["a"].clone(), i["b"]));
        table.Add("addmm_", i => i["a"].clone().addmm_(i["b"], i["c"], 0.5f, 2f), i => addmm_(i["a"].clone(), i["b"], i["c"], 0.5f, 2f));
        table.Add("addmv_", i => i["a"].clone().addmv_(i["b"], i["c"]), i => addmv_(i["a"].clone(), i["b"], i["c"], 1f, 1f));
        table.Add("masked_scatter_", i => i["a"].clone().masked_scatter_(i["m"], i["b"]), i => i["a"].masked_scatter(i["m"], i["b"]));
    }

    private static void AddShapes(CaseTable table)
    {
        table.Add("squeeze_", i => i["a"].clone().squeeze_(0), i => squeeze_(i["a"].clone(), 0));
        table.Add("unsqueeze_", i => i["a"].clone().unsqueeze_(1), i => unsqueeze_(i["a"].clone(), 1));
        table.Add("transpose_", i => i["a"].clone().transpose_(0, 1));
        table.Add("tril_", i => i["a"].clone().tril_(-1), i => tril_(i["a"].clone(), -1));
        table.Add("triu_", i => i["a"].clone().triu_(1), i => triu_(i["a"].clone(), 1));
        table.Add("detach_", i => i["a"].clone().detach_());
        table.Add("set_", i => i["a"].clone().set_(i["b"]));
    }
}

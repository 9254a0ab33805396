using MlPerfEdu.Torch.Tests.Parity;
using TorchSharp;
using static TorchSharp.torch;

namespace MlPerfEdu.Torch.Tests.Cases;

internal static partial class Pointwise
{
    // An in-place call on a copy is one more spelling: same values, same gradient.
    private static void AddFunctions(CaseTable table)
    {
        table.Add("abs",
            i => abs(i["x"]), i => i["x"].abs(), i => i["x"].clone().abs_(), i => absolute(i["x"]), i => i["x"].absolute(),
            i => i["x"].clone().absolute_(), i => abs_(i["x"].clone()), i => absolute_(i["x"].clone()));
        table.Add("neg",
            i => neg(i["x"]), i => i["x"].neg(), i => i["x"].clone().neg_(), i => negative(i["x"]), i => i["x"].negative(),
            i => neg_(i["x"].clone()));
        table.Add("exp", i => exp(i["x"]), i => i["x"].exp(), i => i["x"].clone().exp_(), i => exp_(i["x"].clone()));
        table.Add("exp2", i => exp2(i["x"]), i => i["x"].exp2());
        table.Add("expm1", i => expm1(i["x"]), i => i["x"].expm1(), i => i["x"].clone().expm1_(), i => expm1_(i["x"].clone()));
        table.Add("tanh", i => tanh(i["x"]), i => i["x"].tanh(), i => i["x"].clone().tanh_(), i => tanh_(i["x"].clone()));
        table.Add("sigmoid", i => sigmoid(i["x"]), i => i["x"].sigmoid(), i => i["x"].clone().sigmoid_(), i => sigmoid_(i["x"].clone()));
        table.Add("square", i => square(i["x"]), i => i["x"].square());
        table.Add("sign", i => sign(i["x"]), i => i["x"].sign(), i => i["x"].clone().sign_(), i => sign_(i["x"].clone()));
        table.Add("sgn", i => sgn(i["x"]), i => i["x"].sgn(), i => i["x"].clone().sgn_(), i => sgn_(i["x"].clone()));
        table.Add("floor", i => floor(i["x"]), i => i["x"].floor(), i => i["x"].clone().floor_(), i => floor_(i["x"].clone()));
        table.Add("ceil", i => ceil(i["x"]), i => i["x"].ceil(), i => i["x"].clone().ceil_(), i => ceil_(i["x"].clone()));
        table.Add("round", i => round(i["x"]), i => i["x"].round(), i => i["x"].clone().round_(), i => round_(i["x"].clone()));
        table.Add("trunc", i => trunc(i["x"]), i => i["x"].trunc(), i => i["x"].clone().trunc_(), i => trunc_(i["x"].clone()));
        table.Add("fix", i => fix(i["x"]), i => i["x"].fix(), i => i["x"].clone().fix_(), i => fix_(i["x"].clone()));
        table.Add("frac", i => frac(i["x"]), i => i["x"].frac(), i => i["x"].clone().frac_(), i => frac_(i["x"].clone()));
        table.Add("relu", i => i["x"].relu(), i => i["x"].clone().relu_());
        table.Add("erf", i => erf(i["x"]), i => i["x"].erf(), i => i["x"].clone().erf_(), i => erf_(i["x"].clone()));
        table.Add("erfc", i => erfc(i["x"]), i => i["x"].erfc(), i => i["x"].clone().erfc_(), i => erfc_(i["x"].clone()));
        table.Add("erfinv", i => erfinv(i["x"]), i => i["x"].erfinv(), i => i["x"].clone().erfinv_(), i => erfinv_(i["x"].clone()));
        table.Add("deg2rad", i => deg2rad(i["x"]), i => i["x"].deg2rad());
        table.Add("rad2deg", i => rad2deg(i["x"]), i => i["x"].rad2deg());
        table.Add("positive", i => positive(i["x"]), i => i["x"].positive());
        table.Add("signbit", i => signbit(i["x"]), i => i["x"].signbit());
        table.Add("isreal", i => isreal(i["x"]), i => i["x"].isreal());
        table.Add("angle", i => angle(i["x"]), i => i["x"].angle());
        table.Add("log", i => log(i["x"]), i => i["x"].log(), i => i["x"].clone().log_(), i => log_(i["x"].clone()));
        table.Add("log2", i => log2(i["x"]), i => i["x"].log2(), i => i["x"].clone().log2_(), i => log2_(i["x"].clone()));
        table.Add("log10", i => log10(i["x"]), i => i["x"].log10(), i => i["x"].clone().log10_(), i => log10_(i["x"].clone()));
        table.Add("log1p", i => log1p(i["x"]), i => i["x"].log1p(), i => i["x"].clone().log1p_(), i => log1p_(i["x"].clone()));
        table.Add("sqrt", i => sqrt(i["x"]), i => i["x"].sqrt(), i => i["x"].clone().sqrt_(), i => sqrt_(i["x"].clone()));
        table.Add("rsqrt", i => rsqrt(i["x"]), i => i["x"].rsqrt(), i => i["x"].clone().rsqrt_(), i => rsqrt_(i["x"].clone()));
        table.Add("reciprocal",
            i => reciprocal(i["x"]), i => i["x"].reciprocal(), i => i["x"].clone().reciprocal_(), i => reciprocal_(i["x"].clone()));
        table.Add("lgamma", i => lgamma(i["x"]), i => i["x"].lgamma(), i => i["x"].clone().lgamma_(), i => lgamma_(i["x"].clone()));
        table.Add("digamma", i => digamma(i["x"]), i => i["x"].digamma(), i => i["x"].clone().digamma_(), i => digamma_(i["x"].clone()));
        table.Add("logit", i => logit(i["x"]), i => i["x"].logit());
        table.Add("logit_eps", i => logit(i["x"], 0.2), i => i["x"].logit(0.2));
        table.Add("exp_of_special_values", i => i["a"].exp());
        table.Add("exp_strided", i => i["a"].exp());
        table.Add("double_exp", i => i["a"].exp());
        table.Add("nan_to_num",
            i => nan_to_num(i["a"]), i => i["a"].nan_to_num(), i => i["a"].clone().nan_to_num_(), i => nan_to_num_(i["a"].clone()));
    }

    private static void AddTrigonometry(CaseTable table)
    {
        table.Add("sin", i => sin(i["x"]), i => i["x"].sin(), i => i["x"].clone().sin_(), i => sin_(i["x"].clone()));
        table.Add("cos", i => cos(i["x"]), i => i["x"].cos(), i => i["x"].clone().cos_(), i => cos_(i["x"].clone()));
        table.Add("tan", i => tan(i["x"]), i => i["x"].tan(), i => i["x"].clone().tan_(), i => tan_(i["x"].clone()));
        table.Add("asin",
            i => asin(i["x"]), i => i["x"].asin(), i => i["x"].clone().asin_(), i => arcsin(i["x"]), i => i["x"].arcsin(),
            i => i["x"].clone().arcsin_(), i => asin_(i["x"].clone()), i => arcsin_(i["x"].clone()));
        table.Add("acos",
            i => acos(i["x"]), i => i["x"].acos(), i => i["x"].clone().acos_(), i => arccos(i["x"]), i => i["x"].arccos(),
            i => i["x"].clone().arccos_(), i => acos_(i["x"].clone()), i => arccos_(i["x"].clone()));
        table.Add("atan",
            i => atan(i["x"]), i => i["x"].atan(), i => i["x"].clone().atan_(), i => arctan(i["x"]), i => i["x"].arctan(),
            i => i["x"].clone().arctan_(), i => atan_(i["x"].clone()), i => arctan_(i["x"].clone()));
        table.Add("sinh", i => sinh(i["x"]), i => i["x"].sinh(), i => i["x"].clone().sinh_(), i => sinh_(i["x"].clone()));
        table.Add("cosh", i => cosh(i["x"]), i => i["x"].cosh(), i => i["x"].clone().cosh_(), i => cosh_(i["x"].clone()));
        table.Add("asinh", i => asinh(i["x"]), i => i["x"].asinh(), i => arcsinh(i["x"]), i => i["x"].arcsinh());
        table.Add("acosh", i => acosh(i["x"]), i => i["x"].acosh(), i => arccosh(i["x"]), i => i["x"].arccosh());
        table.Add("atanh", i => atanh(i["x"]), i => i["x"].atanh(), i => arctanh(i["x"]), i => i["x"].arctanh());
        table.Add("sinc", i => sinc(i["x"]), i => i["x"].sinc(), i => i["x"].clone().sinc_(), i => sinc_(i["x"].clone()));
        table.Add("atan2",
            i => atan2(i["a"], i["b"]), i => i["a"].atan2(i["b"]), i => arctan2(i["a"], i["b"]), i => i["a"].arctan2(i["b"]));
    }
}

using MlPerfEdu.Torch.Tests.Parity;
using TorchSharp;
using static TorchSharp.torch;

namespace MlPerfEdu.Torch.Tests.Cases;

internal static partial class Pointwise
{
    // An in-place call on a copy is one more spelling: same values, same gradient.
    private static void AddFunctions(CaseTable table)
    {
        table.Add("abs", i => abs(i["x"]), i => i["x"].abs(), i => i["x"].clone().abs_(), i => absolute(i["x"]), i => i["x"].absolute(), i => i["x"].clone().absolute_());
        table.Add("neg", i => neg(i["x"]), i => i["x"].neg(), i => i["x"].clone().neg_(), i => negative(i["x"]), i => i["x"].negative());
        table.Add("exp", i => exp(i["x"]), i => i["x"].exp(), i => i["x"].clone().exp_());
        table.Add("exp2", i => exp2(i["x"]), i => i["x"].exp2());
        table.Add("expm1", i => expm1(i["x"]), i => i["x"].expm1(), i => i["x"].clone().expm1_());
        table.Add("tanh", i => tanh(i["x"]), i => i["x"].tanh(), i => i["x"].clone().tanh_());
        table.Add("sigmoid", i => sigmoid(i["x"]), i => i["x"].sigmoid(), i => i["x"].clone().sigmoid_());
        table.Add("square", i => square(i["x"]), i => i["x"].square());
        table.Add("sign", i => sign(i["x"]), i => i["x"].sign(), i => i["x"].clone().sign_());
        table.Add("sgn", i => sgn(i["x"]), i => i["x"].sgn(), i => i["x"].clone().sgn_());
        table.Add("floor", i => floor(i["x"]), i => i["x"].floor(), i => i["x"].clone().floor_());
        table.Add("ceil", i => ceil(i["x"]), i => i["x"].ceil(), i => i["x"].clone().ceil_());
        table.Add("round", i => round(i["x"]), i => i["x"].round(), i => i["x"].clone().round_());
        table.Add("trunc", i => trunc(i["x"]), i => i["x"].trunc(), i => i["x"].clone().trunc_());
        table.Add("fix", i => fix(i["x"]), i => i["x"].fix(), i => i["x"].clone().fix_());
        table.Add("frac", i => frac(i["x"]), i => i["x"].frac(), i => i["x"].clone().frac_());
        table.Add("relu", i => i["x"].relu(), i => i["x"].clone().relu_());
        table.Add("erf", i => erf(i["x"]), i => i["x"].erf(), i => i["x"].clone().erf_());
        table.Add("erfc", i => erfc(i["x"]), i => i["x"].erfc(), i => i["x"].clone().erfc_());
        table.Add("erfinv", i => erfinv(i["x"]), i => i["x"].erfinv(), i => i["x"].clone().erfinv_());
        table.Add("deg2rad", i => deg2rad(i["x"]), i => i["x"].deg2rad());
        table.Add("rad2deg", i => rad2deg(i["x"]), i => i["x"].rad2deg());
        table.Add("positive", i => positive(i["x"]), i => i["x"].positive());
        table.Add("signbit", i => signbit(i["x"]), i => i["x"].signbit());
        table.Add("isreal", i => isreal(i["x"]), i => i["x"].isreal());
        table.Add("angle", i => angle(i["x"]), i => i["x"].angle());
        table.Add("log", i => log(i["x"]), i => i["x"].log(), i => i["x"].clone().log_());
        table.Add("log2", i => log2(i["x"]), i => i["x"].log2(), i => i["x"].clone().log2_());
        table.Add("log10", i => log10(i["x"]), i => i["x"].log10(), i => i["x"].clone().log10_());
        table.Add("log1p", i => log1p(i["x"]), i => i["x"].log1p(), i => i["x"].clone().log1p_());
        table.Add("sqrt", i => sqrt(i["x"]), i => i["x"].sqrt(), i => i["x"].clone().sqrt_());
        table.Add("rsqrt", i => rsqrt(i["x"]), i => i["x"].rsqrt(), i => i["x"].clone().rsqrt_());
        table.Add("reciprocal", i => reciprocal(i["x"]), i => i["x"].reciprocal(), i => i["x"].clone().reciprocal_());
        table.Add("lgamma", i => lgamma(i["x"]), i => i["x"].lgamma(), i => i["x"].clone().lgamma_());
        table.Add("digamma", i => digamma(i["x"]), i => i["x"].digamma(), i => i["x"].clone().digamma_());
        table.Add("logit", i => logit(i["x"]), i => i["x"].logit());
        table.Add("logit_eps", i => logit(i["x"], 0.2), i => i["x"].logit(0.2));
        table.Add("exp_of_special_values", i => i["a"].exp());
        table.Add("exp_strided", i => i["a"].exp());
        table.Add("double_exp", i => i["a"].exp());
        table.Add("nan_to_num", i => nan_to_num(i["a"]), i => i["a"].nan_to_num(), i => i["a"].clone().nan_to_num_());
    }

    private static void AddTrigonometry(CaseTable table)
    {
        table.Add("sin", i => sin(i["x"]), i => i["x"].sin(), i => i["x"].clone().sin_());
        table.Add("cos", i => cos(i["x"]), i => i["x"].cos(), i => i["x"].clone().cos_());
        table.Add("tan", i => tan(i["x"]), i => i["x"].tan(), i => i["x"].clone().tan_());
        table.Add("asin", i => asin(i["x"]), i => i["x"].asin(), i => i["x"].clone().asin_(), i => arcsin(i["x"]), i => i["x"].arcsin(), i => i["x"].clone().arcsin_());
        table.Add("acos", i => acos(i["x"]), i => i["x"].acos(), i => i["x"].clone().acos_(), i => arccos(i["x"]), i => i["x"].arccos(), i => i["x"].clone().arccos_());
        table.Add("atan", i => atan(i["x"]), i => i["x"].atan(), i => i["x"].clone().atan_(), i => arctan(i["x"]), i => i["x"].arctan(), i => i["x"].clone().arctan_());
        table.Add("sinh", i => sinh(i["x"]), i => i["x"].sinh(), i => i["x"].clone().sinh_());
        table.Add("cosh", i => cosh(i["x"]), i => i["x"].cosh(), i => i["x"].clone().cosh_());
        table.Add("asinh", i => asinh(i["x"]), i => i["x"].asinh(), i => arcsinh(i["x"]), i => i["x"].arcsinh());
        table.Add("acosh", i => acosh(i["x"]), i => i["x"].acosh(), i => arccosh(i["x"]), i => i["x"].arccosh());
        table.Add("atanh", i => atanh(i["x"]), i => i["x"].atanh(), i => arctanh(i["x"]), i => i["x"].arctanh());
        table.Add("sinc", i => sinc(i["x"]), i => i["x"].sinc(), i => i["x"].clone().sinc_());
        table.Add("atan2", i => atan2(i["a"], i["b"]), i => i["a"].atan2(i["b"]), i => arctan2(i["a"], i["b"]), i => i["a"].arctan2(i["b"]));
    }
}

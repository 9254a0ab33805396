using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static partial class special
    {
        public static Tensor entr(Tensor input) => Aten.special_entr.Tensor(input);

        public static Tensor erf(Tensor input) => Aten.special_erf.Tensor(input);

        public static Tensor erfc(Tensor input) => Aten.special_erfc.Tensor(input);

        public static Tensor erfcx(Tensor input) => Aten.special_erfcx.Tensor(input);

        public static Tensor erfinv(Tensor input) => Aten.special_erfinv.Tensor(input);

        public static Tensor expit(Tensor input) => Aten.special_expit.Tensor(input);

        public static Tensor expm1(Tensor input) => Aten.special_expm1.Tensor(input);

        public static Tensor exp2(Tensor input) => Aten.special_exp2.Tensor(input);

        public static Tensor gammaln(Tensor input) => Aten.special_gammaln.Tensor(input);

        public static Tensor digamma(Tensor input) => Aten.special_digamma.Tensor(input);

        public static Tensor i0(Tensor input) => Aten.special_i0.Tensor(input);

        public static Tensor i0e(Tensor input) => Aten.special_i0e.Tensor(input);

        public static Tensor i1(Tensor input) => Aten.special_i1.Tensor(input);

        public static Tensor i1e(Tensor input) => Aten.special_i1e.Tensor(input);

        public static Tensor logit(Tensor input) => Aten.special_logit.Tensor(input);

        public static Tensor ndtr(Tensor input) => Aten.special_ndtr.Tensor(input);

        public static Tensor ndtri(Tensor input) => Aten.special_ndtri.Tensor(input);

        public static Tensor sinc(Tensor input) => Aten.special_sinc.Tensor(input);

        public static Tensor psi(Tensor input) => digamma(input);

        public static Tensor gammainc(Tensor input, Tensor other) => Aten.special_gammainc.Tensor(input, other);

        public static Tensor gammaincc(Tensor input, Tensor other) => Aten.special_gammaincc.Tensor(input, other);

        public static Tensor polygamma(long n, Tensor input) => Aten.special_polygamma.Tensor(n, input);

        public static Tensor xlog1py(Tensor input, Tensor other) => Aten.special_xlog1py.Tensor(input, other);

        public static Tensor zeta(Tensor x, Tensor q) => Aten.special_zeta.Tensor(x, q);

        public static Tensor sigmoid(Tensor input) => input.sigmoid();

        public static Tensor softmax(Tensor input, long dim, ScalarType? dtype = null) => input.softmax(dim, dtype);

        public static Tensor log_softmax(Tensor input, long dim, ScalarType? dtype = null) => input.log_softmax(dim, dtype);
    }
}

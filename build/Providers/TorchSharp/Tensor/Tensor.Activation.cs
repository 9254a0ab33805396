using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Activation functions.</summary>
    public partial class Tensor
    {
        public Tensor relu() => Aten.relu.Tensor(this);
        public Tensor relu_() => Aten.relu_.On(this);
        public Tensor relu6() => Aten.relu6.Tensor(this);
        public Tensor relu6_() => Aten.relu6_.On(this);
        public Tensor selu() => Aten.selu.Tensor(this);
        public Tensor selu_() => Aten.selu_.On(this);
        public Tensor silu() => Aten.silu.Tensor(this);
        public Tensor silu_() => Aten.silu_.On(this);
        public Tensor sigmoid() => Aten.sigmoid.Tensor(this);
        public Tensor sigmoid_() => Aten.sigmoid_.On(this);
        public Tensor hardsigmoid() => Aten.hardsigmoid.Tensor(this);
        public Tensor hardsigmoid_() => Aten.hardsigmoid_.On(this);
        public Tensor hardswish() => Aten.hardswish.Tensor(this);
        public Tensor hardswish_() => Aten.hardswish_.On(this);
        public Tensor gelu() => Aten.gelu.Tensor(this);
        public Tensor gelu(Modules.GELU.Approximate approximate) => Aten.gelu.Tensor(this, approximate.ToString());
        public Tensor gelu_() => Aten.gelu_.On(this);
        public Tensor gelu_(Modules.GELU.Approximate approximate) => Aten.gelu_.On(this, approximate.ToString());
        public Tensor elu(double alpha = 1) => Aten.elu.Tensor(this, alpha);
        public Tensor elu_(double alpha = 1) => Aten.elu_.On(this, alpha);
        public Tensor leaky_relu(Scalar negative_slope) => Aten.leaky_relu.Tensor(this, negative_slope);
        public Tensor leaky_relu_(Scalar negative_slope) => Aten.leaky_relu_.On(this, negative_slope);
        public Tensor hardtanh(Scalar min, Scalar max) => Aten.hardtanh.Tensor(this, min, max);
        public Tensor hardtanh_(Scalar min, Scalar max) => Aten.hardtanh_.On(this, min, max);
        public Tensor softplus(double beta = 1, double threshold = 20) => Aten.softplus.Tensor(this, beta, threshold);
        public Tensor glu(long dim = -1) => Aten.glu.Tensor(this, dim);
        public Tensor prelu(Tensor target) => Aten.prelu.Tensor(this, target);
        public Tensor log_sigmoid() => Aten.log_sigmoid.Tensor(this);
        public Tensor softmax(long dim, ScalarType? dtype = null) => Aten.softmax_int.Tensor(this, dim, dtype);
        public Tensor log_softmax(long dim, ScalarType? dtype = null) => Aten.log_softmax_int.Tensor(this, dim, dtype);
    }

    public static Tensor relu(Tensor input) => input.relu();
    public static Tensor relu_(Tensor input) => input.relu_();
    public static Tensor relu6(Tensor input) => input.relu6();
    public static Tensor relu6_(Tensor input) => input.relu6_();
    public static Tensor selu(Tensor input) => input.selu();
    public static Tensor selu_(Tensor input) => input.selu_();
    public static Tensor silu(Tensor input) => input.silu();
    public static Tensor silu_(Tensor input) => input.silu_();
    public static Tensor sigmoid(Tensor input) => input.sigmoid();
    public static Tensor sigmoid_(Tensor input) => input.sigmoid_();
    public static Tensor hardsigmoid(Tensor input) => input.hardsigmoid();
    public static Tensor hardsigmoid_(Tensor input) => input.hardsigmoid_();
    public static Tensor hardswish(Tensor input) => input.hardswish();
    public static Tensor hardswish_(Tensor input) => input.hardswish_();
    public static Tensor gelu(Tensor input) => input.gelu();
    public static Tensor gelu(Tensor input, Modules.GELU.Approximate approximate) => input.gelu(approximate);
    public static Tensor elu(Tensor input, double alpha = 1) => input.elu(alpha);
    public static Tensor elu_(Tensor input, double alpha = 1) => input.elu_(alpha);
    public static Tensor leaky_relu(Tensor input, Scalar negative_slope) => input.leaky_relu(negative_slope);
    public static Tensor leaky_relu_(Tensor input, Scalar negative_slope) => input.leaky_relu_(negative_slope);
    public static Tensor hardtanh(Tensor input, Scalar min, Scalar max) => input.hardtanh(min, max);
    public static Tensor hardtanh_(Tensor input, Scalar min, Scalar max) => input.hardtanh_(min, max);
    public static Tensor softplus(Tensor input, double beta = 1, double threshold = 20) => input.softplus(beta, threshold);
    public static Tensor glu(Tensor input, long dim = -1) => input.glu(dim);
    public static Tensor prelu(Tensor input, Tensor target) => input.prelu(target);
    public static Tensor softmax(Tensor input, long dim, ScalarType? dtype = null) => input.softmax(dim, dtype);
    public static Tensor log_softmax(Tensor input, long dim, ScalarType? dtype = null) => input.log_softmax(dim, dtype);
}

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

    public static Tensor softmax(Tensor input, int dim, ScalarType? dtype = null) => input.softmax(dim, dtype);
    public static Tensor sigmoid(Tensor input) => input.sigmoid();
    public static Tensor sigmoid_(Tensor input) => input.sigmoid_();
}

using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MlPerfEdu.Roofline.Count;

/// <summary>
/// What models compute between their modules, under PyTorch's names. Each function computes as always and, only while a
/// <see cref="ModuleCounter"/> counts, says what it did.
/// </summary>
public static class Counted
{
    static ModuleCounter? Counter => ModuleCounter.Active;

    public static Tensor relu(Tensor x) => Elementwise("relu", x, functional.relu(x), 1, 1);

    /// <summary>The least of 6 and relu: two comparisons each way.</summary>
    public static Tensor relu6(Tensor x) => Elementwise("relu6", x, functional.relu6(x), 2, 2);

    public static Tensor tanh(Tensor x) => Elementwise("tanh", x, x.tanh(), 1, 3);

    public static Tensor silu(Tensor x) => Elementwise("silu", x, functional.silu(x), 4, 9);

    public static Tensor gelu(Tensor x) => Elementwise("gelu", x, functional.gelu(x), 5, 11);

    public static Tensor log_softmax(Tensor x, long dim) => Elementwise("softmax", x, functional.log_softmax(x, dim), 5, 4);

    /// <summary>Over the last dimension.</summary>
    /// <param name="isScaled">The scores were multiplied by a number, which counts here.</param>
    /// <param name="isCausal">Scores of later positions were masked, which counts here.</param>
    public static Tensor softmax(Tensor x, bool isScaled = false, bool isCausal = false)
    {
        var more = (isScaled ? 1 : 0) + (isCausal ? 1 : 0);
        return Elementwise("softmax", x, x.softmax(-1), 5 + more, 4 + more, isCausal ? "causal softmax" : null);
    }

    public static Tensor dropout(Tensor x, double p, bool training)
    {
        var y = functional.dropout(x, p, training);
        Counter?.Dropout(Counter.Name("dropout"), x, y, training);
        return y;
    }

    /// <param name="y">The output, which the caller has computed.</param>
    public static Tensor rms_norm(Tensor x, Tensor weight, Tensor y)
    {
        Counter?.Add(NormCount.RootMeanSquare(Counter.Name("norm"), y.shape, ModuleCounter.Of(y, x, weight)), y, [x], [weight]);
        return y;
    }

    /// <summary>The mean over height and width, [B, C, H, W] → [B, C].</summary>
    public static Tensor global_avg_pool2d(Tensor x)
    {
        var y = x.mean([2, 3]);
        Counter?.GlobalAverage(Counter.Name("pool"), x, y);
        return y;
    }

    /// <summary>x·Wᵀ with W [outputs, inputs].</summary>
    public static Tensor linear(Tensor x, Tensor weight)
    {
        var y = x.mm(weight.t());
        Counter?.Linear(Counter.Name("linear"), x, weight, null, y);
        return y;
    }

    /// <summary>x·W with W [inputs, outputs].</summary>
    public static Tensor mm(Tensor x, Tensor weight)
    {
        var y = x.mm(weight);
        Counter?.Linear(Counter.Name("linear"), x, weight, null, y);
        return y;
    }

    /// <summary>sum + x·Wᵀ in one product.</summary>
    public static Tensor add_linear(Tensor sum, Tensor x, Tensor weight)
    {
        var y = sum.addmm(x, weight.t());
        Counter?.Linear(Counter.Name("linear"), x, weight, null, y);
        Counter?.Add(JoinCount.Add(Counter.Name("add"), y.shape), y, [sum]);
        return y;
    }

    /// <summary>y = x·Wᵀ + b of bf16 rows and copies of the weights.</summary>
    /// <param name="y">The output, which the caller has computed.</param>
    public static Tensor bf16_linear(string name, Tensor x, Tensor weight, Tensor? bias, Tensor y)
    {
        Counter?.Bf16Linear(Counter.Name(name), x, weight, bias, y);
        return y;
    }

    /// <summary>The tensor itself where it is of that type already.</summary>
    public static Tensor cast(Tensor x, ScalarType type)
    {
        if (x.dtype == type)
            return x;
        var y = x.to(type);
        Counter?.Add(CastCount.Of(Counter.Name("cast"), y.shape, narrows: type == ScalarType.BFloat16, y.requires_grad), y, [x]);
        return y;
    }

    /// <summary>Of matrices, or of as many pairs of them as lie before one another.</summary>
    /// <param name="kind">What the product is for.</param>
    public static Tensor matmul(Tensor a, Tensor b, string kind = "product")
    {
        var y = a.matmul(b);
        Counter?.Product(kind, a, b, y);
        return y;
    }

    /// <summary>The same of pairs [N, rows, inner] and [N, inner, columns].</summary>
    public static Tensor bmm(Tensor a, Tensor b, string kind = "product")
    {
        var y = a.bmm(b);
        Counter?.Product(kind, a, b, y);
        return y;
    }

    public static Tensor add(Tensor a, Tensor b)
    {
        var y = a + b;
        if (Counter is { } counter)
        {
            var name = counter.Name("add");
            counter.Add(ModuleCounter.PrecisionOf(b) == Precision.Bf16 ? JoinCount.AddBf16(name, y.shape, b.requires_grad) : JoinCount.Add(name, y.shape), y, [a, b]);
        }
        return y;
    }

    public static Tensor sub(Tensor a, Tensor b)
    {
        var y = a - b;
        Counter?.Add(JoinCount.Add(Counter.Name("sub"), y.shape), y, [a, b]);
        return y;
    }

    /// <summary>Element by element, such as a value and its gate.</summary>
    public static Tensor mul(Tensor a, Tensor b)
    {
        var y = a.mul(b);
        Counter?.Add(JoinCount.Multiply(Counter.Name("product"), y.shape, ModuleCounter.Of(y, a, b).Count, ModuleCounter.PrecisionOf(y)), y, [a, b]);
        return y;
    }

    /// <summary>A number per channel, the last dimension, added to all rows.</summary>
    public static Tensor add_bias(Tensor x, Tensor bias)
    {
        var y = x + bias;
        Counter?.Add(BiasCount.Of(Counter.Name("bias"), y.shape, ModuleCounter.Of(y, x, bias)), y, [x], [bias]);
        return y;
    }

    /// <summary>A number per sample and channel, [B, C], added to all places, [B, C, H, W].</summary>
    public static Tensor add_per_channel(Tensor x, Tensor channels)
    {
        var y = x + channels.unsqueeze(2).unsqueeze(3);
        Counter?.Add(JoinCount.PerChannel(Counter.Name("add"), y.shape, channels.numel(), ModuleCounter.Of(y, channels).Data), y, [x, channels]);
        return y;
    }

    /// <summary>Rows of a table for positions from <paramref name="start"/> on, added to all samples, [B, T, D].</summary>
    public static Tensor add_positions(Tensor x, Tensor table, long start = 0)
    {
        var y = x + table.narrow(0, start, x.shape[1]);
        Counter?.Add(PositionCount.Of(Counter.Name("positions"), y.shape, table.shape[0], ModuleCounter.Of(y, x, table)), y, [x], [table]);
        return y;
    }

    public static Tensor cat(Tensor[] parts, long dim)
    {
        var y = torch.cat(parts, dim);
        Counter?.Add(JoinCount.Concat(Counter.Name("cat"), y.shape), y, parts);
        return y;
    }

    /// <summary>Rows of a table by number, [T] → [T, D].</summary>
    public static Tensor embedding(Tensor ids, Tensor table)
    {
        // Without memory, libtorch cannot select.
        var y = table.device_type == DeviceType.META
            ? empty(ids.shape[0], table.shape[1], device: META).requires_grad_(table.requires_grad)
            : table.index_select(0, ids);
        Counter?.Lookup(Counter.Name("table"), ids, table, y, isBag: false);
        return y;
    }

    /// <summary>Some of the rows, such as those with a label.</summary>
    public static Tensor rows(Tensor x, Tensor chosen)
    {
        var y = x.index_select(0, chosen);
        Counter?.Add(SelectCount.Rows(Counter.Name("rows"), x.shape, y.shape, y.requires_grad), y, [x]);
        return y;
    }

    /// <summary>One position of each sample, [B, T, D] → [B, D].</summary>
    public static Tensor select(Tensor x, long position)
    {
        var y = x.select(1, position);
        Counter?.Add(SelectCount.Of(Counter.Name("select"), x.shape, y.requires_grad), y, [x]);
        return y;
    }

    public static Tensor mse_loss(Tensor prediction, Tensor target, string name = "loss")
    {
        Counter?.Loss(prediction, LossCount.MeanSquaredError(name, prediction.shape, Counter.WasRead(target)));
        return functional.mse_loss(prediction, target);
    }

    /// <summary>From logits [N, classes] and N labels.</summary>
    public static Tensor cross_entropy(Tensor logits, Tensor labels, string name = "loss")
    {
        Counter?.Loss(logits, LossCount.CrossEntropy(name, logits.shape));
        return functional.cross_entropy(logits, labels);
    }

    /// <summary>From logits, one label each.</summary>
    public static Tensor binary_cross_entropy_with_logits(Tensor logits, Tensor labels, string name = "loss")
    {
        Counter?.Loss(logits, LossCount.BinaryCrossEntropy(name, logits.shape));
        return functional.binary_cross_entropy_with_logits(logits, labels);
    }

    static Tensor Elementwise(string name, Tensor x, Tensor y, int forwardFlops, int backwardFlops, string? kind = null)
    {
        Counter?.Elementwise(Counter.Name(name), kind ?? name, x, y, forwardFlops, backwardFlops);
        return y;
    }
}

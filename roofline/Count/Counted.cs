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
    public static Tensor relu(Tensor x)
    {
        var y = functional.relu(x);
        if (ModuleCounter.Active is { } counter) counter.Elementwise(counter.Name("relu"), "relu", x, y, 1, 1);
        return y;
    }

    public static Tensor tanh(Tensor x)
    {
        var y = x.tanh();
        if (ModuleCounter.Active is { } counter) counter.Elementwise(counter.Name("tanh"), "tanh", x, y, 1, 3);
        return y;
    }

    public static Tensor silu(Tensor x)
    {
        var y = functional.silu(x);
        if (ModuleCounter.Active is { } counter) counter.Silu(counter.Name("silu"), x, y);
        return y;
    }

    public static Tensor gelu(Tensor x)
    {
        var y = functional.gelu(x);
        if (ModuleCounter.Active is { } counter) counter.Gelu(counter.Name("gelu"), x, y);
        return y;
    }

    /// <summary>Over the last dimension.</summary>
    /// <param name="isScaled">The scores were multiplied by a number, which counts here.</param>
    /// <param name="isCausal">Scores of later positions were masked, which counts here.</param>
    public static Tensor softmax(Tensor x, bool isScaled = false, bool isCausal = false)
    {
        var y = x.softmax(-1);
        if (ModuleCounter.Active is { } counter) counter.Softmax(counter.Name("softmax"), x, y, isScaled, isCausal);
        return y;
    }

    public static Tensor log_softmax(Tensor x, long dim)
    {
        var y = functional.log_softmax(x, dim);
        if (ModuleCounter.Active is { } counter) counter.Softmax(counter.Name("log_softmax"), x, y);
        return y;
    }

    /// <param name="y">The output, which the caller has computed.</param>
    public static Tensor rms_norm(Tensor x, Tensor weight, Tensor y)
    {
        if (ModuleCounter.Active is { } counter) counter.RmsNorm(counter.Name("norm"), x, weight, y);
        return y;
    }

    public static Tensor dropout(Tensor x, double p, bool training)
    {
        var y = functional.dropout(x, p, training);
        if (ModuleCounter.Active is { } counter) counter.Dropout(counter.Name("dropout"), x, y, training);
        return y;
    }

    /// <summary>The mean over height and width, [B, C, H, W] → [B, C].</summary>
    public static Tensor global_avg_pool2d(Tensor x)
    {
        var y = x.mean([2, 3]);
        if (ModuleCounter.Active is { } counter) counter.GlobalAverage(counter.Name("pool"), x, y);
        return y;
    }

    /// <summary>x·Wᵀ with W [outputs, inputs].</summary>
    public static Tensor linear(Tensor x, Tensor weight)
    {
        var y = x.mm(weight.t());
        if (ModuleCounter.Active is { } counter) counter.Linear(counter.Name("linear"), x, weight, null, y);
        return y;
    }

    /// <summary>x·W with W [inputs, outputs].</summary>
    public static Tensor mm(Tensor x, Tensor weight)
    {
        var y = x.mm(weight);
        if (ModuleCounter.Active is { } counter) counter.Linear(counter.Name("linear"), x, weight, null, y);
        return y;
    }

    /// <summary>sum + x·Wᵀ in one product.</summary>
    public static Tensor add_linear(Tensor sum, Tensor x, Tensor weight)
    {
        var y = sum.addmm(x, weight.t());
        if (ModuleCounter.Active is { } counter)
        {
            counter.Linear(counter.Name("linear"), x, weight, null, y);
            counter.Add(JoinCount.Add(counter.Name("add"), y.shape, default), y, [sum]);
        }
        return y;
    }

    /// <summary>Of matrices, or of as many pairs of them as lie before one another.</summary>
    /// <param name="kind">What the product is for.</param>
    public static Tensor matmul(Tensor a, Tensor b, string kind = "product")
    {
        var y = a.matmul(b);
        if (ModuleCounter.Active is { } counter) counter.Product(kind, a, b, y);
        return y;
    }

    /// <summary>The same of pairs [N, rows, inner] and [N, inner, columns].</summary>
    public static Tensor bmm(Tensor a, Tensor b, string kind = "product")
    {
        var y = a.bmm(b);
        if (ModuleCounter.Active is { } counter) counter.Product(kind, a, b, y);
        return y;
    }

    public static Tensor add(Tensor a, Tensor b)
    {
        var y = a + b;
        if (ModuleCounter.Active is { } counter) counter.Add(JoinCount.Add(counter.Name("add"), y.shape, default), y, [a, b]);
        return y;
    }

    /// <summary>Element by element, such as a value and its gate.</summary>
    public static Tensor mul(Tensor a, Tensor b)
    {
        var y = a.mul(b);
        if (ModuleCounter.Active is { } counter)
        {
            var gradients = y.requires_grad ? (a.requires_grad ? 1 : 0) + (b.requires_grad ? 1 : 0) : 0;
            counter.Add(JoinCount.Multiply(counter.Name("product"), y.shape, gradients, default), y, [a, b]);
        }
        return y;
    }

    /// <summary>A number per channel, the last dimension, added to all rows.</summary>
    public static Tensor add_bias(Tensor x, Tensor bias)
    {
        var y = x + bias;
        if (ModuleCounter.Active is { } counter)
            counter.Add(BiasCount.Of(counter.Name("bias"), y.shape, ModuleCounter.Of(y, x, bias)), y, [x], [bias]);
        return y;
    }

    /// <summary>A number per sample and channel, [B, C], added to all places, [B, C, …].</summary>
    public static Tensor add_per_channel(Tensor x, Tensor channels)
    {
        var y = x + channels.view([.. channels.shape, .. Enumerable.Repeat(1L, (int)x.dim() - 2)]);
        if (ModuleCounter.Active is { } counter)
            counter.Add(JoinCount.PerChannel(counter.Name("add"), y.shape, channels.numel(), y.requires_grad && channels.requires_grad), y, [x, channels]);
        return y;
    }

    /// <summary>Rows of a table for positions from <paramref name="start"/> on, added to all samples, [B, T, D].</summary>
    public static Tensor add_positions(Tensor x, Tensor table, long start = 0)
    {
        var y = x + table.narrow(0, start, x.shape[1]);
        if (ModuleCounter.Active is { } counter)
            counter.Add(PositionCount.Of(counter.Name("positions"), y.shape, table.shape[0], ModuleCounter.Of(y, x, table)), y, [x], [table],
                table.requires_grad && y.requires_grad ? null : 0);
        return y;
    }

    public static Tensor cat(Tensor[] parts, long dim)
    {
        var y = torch.cat(parts, dim);
        if (ModuleCounter.Active is { } counter) counter.Add(JoinCount.Concat(counter.Name("cat"), y.shape, default), y, parts);
        return y;
    }

    /// <summary>Rows of a table by number, [T] → [T, D].</summary>
    public static Tensor embedding(Tensor ids, Tensor table)
    {
        // Without memory, libtorch cannot select.
        var y = table.device_type == DeviceType.META
            ? empty(ids.shape[0], table.shape[1], device: META).requires_grad_(table.requires_grad)
            : table.index_select(0, ids);
        if (ModuleCounter.Active is { } counter) counter.Lookup(counter.Name("table"), ids, table, y, isBag: false);
        return y;
    }

    /// <summary>Some of the rows, such as those with a label.</summary>
    public static Tensor rows(Tensor x, Tensor chosen)
    {
        var y = x.index_select(0, chosen);
        if (ModuleCounter.Active is { } counter) counter.Add(SelectCount.Rows(counter.Name("rows"), x.shape, y.shape, y.requires_grad), y, [x]);
        return y;
    }

    /// <summary>One position of each sample, [B, T, D] → [B, D].</summary>
    public static Tensor select(Tensor x, long position)
    {
        var y = x.select(1, position);
        if (ModuleCounter.Active is { } counter) counter.Add(SelectCount.Of(counter.Name("select"), x.shape, y.requires_grad), y, [x]);
        return y;
    }

    public static Tensor mse_loss(Tensor prediction, Tensor target, string name = "loss")
    {
        var loss = functional.mse_loss(prediction, target);
        ModuleCounter.Active?.Loss(prediction, LossCount.MeanSquaredError(name, prediction.shape, ModuleCounter.Active.WasRead(target)));
        return loss;
    }

    /// <summary>From logits [N, classes] and N labels.</summary>
    public static Tensor cross_entropy(Tensor logits, Tensor labels, string name = "loss")
    {
        var loss = functional.cross_entropy(logits, labels);
        ModuleCounter.Active?.Loss(logits, LossCount.CrossEntropy(name, logits.shape));
        return loss;
    }

    /// <summary>From logits, one label each.</summary>
    public static Tensor binary_cross_entropy_with_logits(Tensor logits, Tensor labels, string name = "loss")
    {
        var loss = functional.binary_cross_entropy_with_logits(logits, labels);
        ModuleCounter.Active?.Loss(logits, LossCount.BinaryCrossEntropy(name, logits.shape));
        return loss;
    }
}

using static TorchSharp.torch;
using static TorchSharp.torch.autograd;
using TorchSharp.Modules;

namespace MlPerfEdu.Workloads.Cloud.NanoLoraFinetune;

/// <summary>
/// A frozen linear layer and its change of low rank as one function: y = x·Wᵀ + b, to which s·(x·Aᵀ)·Bᵀ is added where y lies. As modules, y is written
/// three times and read four times, forwards alone. Backwards, the gradient of x is likewise one sum; W and b have none.
/// </summary>
sealed class LoraLinear : SingleTensorFunction<LoraLinear>
{
    const string Scale = nameof(Scale), NeedsInput = nameof(NeedsInput);

    public override string Name => nameof(LoraLinear);

    /// <param name="x">[N, inputs]</param>
    /// <param name="down">A, [r, inputs]</param>
    /// <param name="up">B, [outputs, r]</param>
    /// <param name="scale">s</param>
    public static Tensor Of(Tensor x, Linear frozen, Tensor down, Tensor up, double scale)
    {
        var y = apply(x, frozen.weight, frozen.bias!, down, up, scale);
        if (ModuleCounter.Active is { } counter) Count(counter, x, frozen, down, up, y);
        return y;
    }

    // x [N, inputs], W [outputs, inputs], b [outputs], A, B, s
    public override Tensor forward(AutogradContext ctx, params object[] vars)
    {
        Tensor x = (Tensor)vars[0], weight = (Tensor)vars[1], bias = (Tensor)vars[2], down = (Tensor)vars[3], up = (Tensor)vars[4];
        var scale = (double)vars[5];
        var hidden = x.mm(down.t());                                                         // [N, r]
        ctx.save_for_backward([x, hidden, weight, down, up]);
        ctx.save_data(Scale, scale);
        // The first layer reads what nothing before it has learned.
        ctx.save_data(NeedsInput, x.requires_grad);
        return bias.addmm(x, weight.t()).addmm_(hidden, up.t(), 1, (float)scale);
    }

    public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output)
    {
        var (saved, gradient, scale) = (ctx.get_saved_variables(), grad_output.contiguous(), (double)ctx.get_data(Scale)!);
        Tensor x = saved[0], hidden = saved[1], weight = saved[2], down = saved[3], up = saved[4];
        using var ofHidden = gradient.mm(up).mul_(scale);                                    // [N, r]
        var ofInput = (bool)ctx.get_data(NeedsInput)! ? gradient.mm(weight).addmm_(ofHidden, down) : null;
        return [ofInput!, null!, null!, ofHidden.t().mm(x), gradient.t().mm(hidden).mul_(scale), null!];
    }

    static void Count(ModuleCounter counter, Tensor x, Linear frozen, Tensor down, Tensor up, Tensor y)
    {
        long rows = x.shape[0], inputs = x.shape[1], outputs = y.shape[1], rank = down.shape[0], bytesOfY = sizeof(float) * y.numel();
        counter.Add(
            LinearCount.Of(counter.Name("queryKeyValue"), rows, inputs, outputs, bias: true, new(Data: x.requires_grad, Weights: false)),
            y, [x], [frozen.weight, frozen.bias]);
        counter.Add(LinearCount.Of(counter.Name("lora.down"), rows, inputs, rank, bias: false, ModuleCounter.Of(y, x, down)), y, [], [down]);
        var ofUp = LinearCount.Of(counter.Name("lora.up"), rows, rank, outputs, bias: false, new(Data: y.requires_grad, Weights: y.requires_grad));
        counter.Add(ofUp with
        {
            // Added to what lies there, which is read once more.
            Forward = ofUp.Forward + new Work(0, y.numel(), bytesOfY, 0),
            UniqueBytes = ofUp.UniqueBytes - bytesOfY,
        }, y, [], [up]);
    }
}

using MlPerfEdu.Roofline.Count;
using MlPerfEdu.Workloads.Inference;
using static TorchSharp.torch;
using static TorchSharp.torch.autograd;

namespace MlPerfEdu.Workloads.Cloud.NanoGpt;

/// <summary>
/// Causal attention (Vaswani et al., 2017) of all heads of all samples, straight from queries, keys and values as one product leaves them.
/// libtorch multiplies the small matrices of the heads one after another on one thread, between copies that bring them into order.
/// </summary>
public sealed unsafe class CausalAttention : SingleTensorFunction<CausalAttention>
{
    public override string Name => nameof(CausalAttention);

    /// <param name="projected">[N, 3·D], B samples of T positions below one another: queries, keys and values of H heads side by side.</param>
    /// <returns>[N, D]</returns>
    public static Tensor Of(Tensor projected, long batch, int heads)
    {
        var attended = apply(projected, batch, heads);
        if (ModuleCounter.Active is { } counter)
        {
            var positions = projected.shape[0] / batch;
            var size = new AttentionSize(batch, heads, positions, positions, attended.shape[1] / heads) { Causal = true, Block = HeadKernels.RowsAtOnce };
            counter.Add(AttentionCount.Kernel(counter.Name("attention"), size, attended.requires_grad), attended, [projected]);
        }
        return attended;
    }

    public override Tensor forward(AutogradContext ctx, params object[] vars)
    {
        var projected = ((Tensor)vars[0]).contiguous();
        var (batch, heads) = ((long)vars[1], (int)vars[2]);
        var shape = HeadShape.Of(projected, batch, heads);
        var found = empty(projected.shape[0], shape.Width);
        var weights = empty(batch * heads, shape.Rows, shape.Rows);
        float* from = NativeFloats.Of(projected), to = NativeFloats.Of(found), kept = NativeFloats.Of(weights);
        shape.ForEach((int)batch * heads, (pair, room) => HeadKernels.Forward(
            shape, from + shape.Projected(pair), to + shape.Found(pair), kept + shape.Weights(pair), room));

        ctx.save_for_backward([projected, weights]);
        ctx.save_data(nameof(HeadShape), shape);
        return found;
    }

    public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output)
    {
        var (saved, shape) = (ctx.get_saved_variables(), (HeadShape)ctx.get_data(nameof(HeadShape))!);
        var gradient = grad_output.contiguous();
        var result = empty(saved[0].shape);
        float* from = NativeFloats.Of(saved[0]), kept = NativeFloats.Of(saved[1]), arrived = NativeFloats.Of(gradient), to = NativeFloats.Of(result);
        shape.ForEach((int)saved[1].shape[0], (pair, room) => HeadKernels.Backward(
            shape, from + shape.Projected(pair), kept + shape.Weights(pair), arrived + shape.Found(pair), to + shape.Projected(pair), room));
        return [result, null!, null!];
    }
}

using MlPerfEdu.Workloads.Inference;
using MlPerfEdu.Workloads.Training;
using static TorchSharp.torch;
using static TorchSharp.torch.autograd;

namespace MlPerfEdu.Workloads.Cloud.NanoGpt;

/// <summary>x·Φ(x) with Φ the normal distribution (Hendrycks and Gimpel, 2016), of any number of values.</summary>
public sealed unsafe class Gelu : SingleTensorFunction<Gelu>
{
    public override string Name => nameof(Gelu);

    // Numbers of a unit of work: enough to be worth asking for, few enough that no thread waits long for the last one.
    const int Part = 1 << 14;

    public static Tensor Of(Tensor x) => apply(x);

    public override Tensor forward(AutogradContext ctx, params object[] vars)
    {
        var x = ((Tensor)vars[0]).contiguous();
        var result = empty(x.shape);
        float* from = NativeFloats.Of(x), to = NativeFloats.Of(result);
        ForEachPart(x, (first, count) => GeluKernels.Forward(from + first, to + first, count));
        ctx.save_for_backward([x]);
        return result;
    }

    public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output)
    {
        var (x, gradient) = (ctx.get_saved_variables()[0], grad_output.contiguous());
        var result = empty(x.shape);
        float* from = NativeFloats.Of(x), arrived = NativeFloats.Of(gradient), to = NativeFloats.Of(result);
        ForEachPart(x, (first, count) => GeluKernels.Backward(from + first, arrived + first, to + first, count));
        return [result];
    }

    static void ForEachPart(Tensor x, Action<int, int> work)
    {
        var count = (int)x.numel();
        SharedLoop.ForEach((count + Part - 1) / Part, part => work(part * Part, Math.Min(Part, count - part * Part)));
    }
}

using MlPerfEdu.Numerics;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.autograd;

namespace MlPerfEdu.Engine;

/// <summary>A model whose products may have bf16 copies of its weights.</summary>
public interface IModelProducts
{
    ModelProducts Products { get; }
}

/// <summary>
/// The products of a model with its weights, in the precision of a run. bf16 ones multiply copies of the weights; what is trained are the
/// fp32 weights, and their gradients are fp32. Whoever changes a weight renews its copy: the optimizer by <see cref="Renew"/>, in the same pass.
/// </summary>
public sealed unsafe class ModelProducts(PrecisionChoice precision) : IDisposable
{
    readonly Dictionary<Parameter, WeightCopy> copies = new(ReferenceEqualityComparer.Instance);

    /// <summary>All products are fp32, as in the plain form of the model.</summary>
    public bool IsPlain { get; set; }

    /// <summary>x·Wᵀ + b by a module, or by its weights.</summary>
    /// <param name="name">The name of the module.</param>
    /// <param name="x">[rows, inputs], of either precision.</param>
    /// <returns>[rows, outputs], bf16 if the product is.</returns>
    public Tensor Linear(string name, Linear module, Tensor x) => IsBf16(x, module.weight)
        ? Linear(name, x, module.weight, module.bias)
        : module.call(F.cast(x, ScalarType.Float32));

    /// <summary>x·Wᵀ with W [outputs, inputs].</summary>
    public Tensor Linear(Tensor x, Parameter weight) => IsBf16(x, weight)
        ? Linear("linear", x, weight, null)
        : F.linear(F.cast(x, weight.dtype), weight);

    /// <summary>sum + x·Wᵀ; in bf16 the product is added to an fp32 sum.</summary>
    public Tensor AddLinear(Tensor sum, Tensor x, Parameter weight) => IsBf16(x, weight)
        ? F.add(sum, Linear("linear", x, weight, null))
        : F.add_linear(sum, F.cast(x, weight.dtype), weight);

    /// <summary>Copies a part of a weight that was just updated. Threads may call this with different parts at the same time.</summary>
    public void Renew(Parameter weight, nint from, nint count)
    {
        if (copies.TryGetValue(weight, out var copy)) copy.Renew(from, count);
    }

    /// <summary>Weights were loaded: copies are made anew when they are needed.</summary>
    public void Forget()
    {
        foreach (var copy in copies.Values) copy.Tensor.Dispose();
        copies.Clear();
    }

    public void Dispose() => Forget();

    /// <summary>The bf16 copy that products with this weight multiply.</summary>
    internal Tensor CopyOf(Parameter weight)
    {
        if (!copies.TryGetValue(weight, out var copy)) copies[weight] = copy = WeightCopy.Of(weight);
        return copy.Tensor;
    }

    bool IsBf16(Tensor x, Tensor weight) => !IsPlain && precision.IsBf16(x.shape[0], weight.shape[1], weight.shape[0]);

    Tensor Linear(string name, Tensor x, Parameter weight, Parameter? bias)
    {
        var rows = F.cast(x, ScalarType.BFloat16);
        var y = bias is null
            ? Bf16Linear.apply(rows, weight, CopyOf(weight))
            : Bf16Linear.apply(rows, weight, CopyOf(weight), bias, CopyOf(bias));
        return F.bf16_linear(name, rows, weight, bias, y);
    }

    /// <param name="From">Absent where tensors have shapes only.</param>
    sealed record WeightCopy(Tensor Tensor, nint From, nint To)
    {
        public static WeightCopy Of(Parameter weight)
        {
            // A copy that a model answered with may be trained with later.
            using var mode = inference_mode(false);
            using var noGradient = no_grad();
            var copy = weight.to(ScalarType.BFloat16).DetachFromDisposeScope();
            return weight.device_type == TorchSharp.DeviceType.META
                ? new(copy, 0, 0)
                : new(copy, (nint)NativeFloats.Of(weight), (nint)NativeFloats.Of(copy));
        }

        public void Renew(nint from, nint count) => Bf16.Narrow((float*)From + from, (ushort*)To + from, count);
    }
}

/// <summary>
/// y = x·Wᵀ + b of bf16 numbers: libtorch adds in fp32 and rounds each result. Backwards two products of the same kind, whose
/// gradient of the weights becomes fp32 before it is added to any other.
/// </summary>
sealed class Bf16Linear : SingleTensorFunction<Bf16Linear>
{
    const string NeedsInput = nameof(NeedsInput), HasBias = nameof(HasBias);

    public override string Name => nameof(Bf16Linear);

    // x [rows, inputs], weight [outputs, inputs] and its copy; bias [outputs] and its copy
    public override Tensor forward(AutogradContext ctx, params object[] vars)
    {
        Tensor x = (Tensor)vars[0], copy = (Tensor)vars[2];
        ctx.save_for_backward([x, copy]);
        var hasBias = vars.Length > 3;
        ctx.save_data(NeedsInput, x.requires_grad);
        ctx.save_data(HasBias, hasBias);
        return hasBias ? ((Tensor)vars[4]).addmm(x, copy.t()) : x.mm(copy.t());
    }

    public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output)
    {
        var (saved, gradient) = (ctx.get_saved_variables(), grad_output.contiguous());
        Tensor x = saved[0], copy = saved[1];
        var ofInput = (bool)ctx.get_data(NeedsInput)! ? gradient.mm(copy) : null;
        using var narrow = gradient.t().mm(x);
        List<Tensor> gradients = [ofInput!, narrow.to(ScalarType.Float32), null!];
        return (bool)ctx.get_data(HasBias)! ? [.. gradients, gradient.sum(0, type: ScalarType.Float32), null!] : gradients;
    }
}

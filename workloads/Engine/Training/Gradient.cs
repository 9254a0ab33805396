using System.Runtime.InteropServices;
using MlPerfEdu.Numerics;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MlPerfEdu.Engine.Training;

/// <summary>
/// The gradient of a parameter, by TorchSharp's native functions. Its managed calls make a tensor object with a finalizer each time, which
/// takes longer than the update of a small layer.
/// </summary>
static unsafe partial class Gradient
{
    /// <summary>The address of the numbers, valid until the gradient is freed; null when there is none in one piece.</summary>
    public static float* Of(Parameter parameter)
    {
        var gradient = THSTensor_grad(parameter.Handle);
        if (gradient == 0)
            return null;
        var address = THSTensor_is_contiguous(gradient) != 0 ? THSTensor_data(gradient) : 0;
        // The parameter keeps the gradient itself.
        THSTensor_dispose(gradient);
        GC.KeepAlive(parameter);
        return (float*)address;
    }

    public static void LetGo(Parameter parameter)
    {
        THSTensor_set_grad(parameter.Handle, 0);
        GC.KeepAlive(parameter);
    }

    [LibraryImport("LibTorchSharp")]
    private static partial nint THSTensor_grad(nint tensor);

    [LibraryImport("LibTorchSharp")]
    private static partial void THSTensor_set_grad(nint tensor, nint gradient);

    [LibraryImport("LibTorchSharp")]
    private static partial nint THSTensor_data(nint tensor);

    [LibraryImport("LibTorchSharp")]
    private static partial byte THSTensor_is_contiguous(nint tensor);

    [LibraryImport("LibTorchSharp")]
    private static partial void THSTensor_dispose(nint tensor);
}

/// <summary>
/// The gradients of all parameters, one after another in one piece of memory. Kernels of this project write them here, and
/// <see cref="FlatAdamW"/> reads them, without a tensor for any of them.
/// </summary>
public sealed unsafe class FlatGradients : IDisposable
{
    readonly float*[] values;
    readonly nint[] starts;
    readonly NativeFloats numbers;

    public FlatGradients(IEnumerable<Parameter> trained)
    {
        Parameter[] parameters = [.. trained];
        values = new float*[parameters.Length];
        starts = new nint[parameters.Length];
        nint end = 0;
        for (var i = 0; i < parameters.Length; i++)
        {
            values[i] = NativeFloats.Of(parameters[i]);
            starts[i] = end;
            end += ((nint)parameters[i].numel() + NativeFloats.Line - 1) / NativeFloats.Line * NativeFloats.Line;
        }
        numbers = new NativeFloats((int)end);
        new Span<float>(numbers.Address, (int)end).Clear();
    }

    public float* this[int parameter] => numbers.Address + starts[parameter];

    /// <summary>The gradient of a parameter, known by where its numbers are.</summary>
    public float* Of(Tensor parameter)
    {
        var value = NativeFloats.Of(parameter);
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i] == value) return this[i];
        }
        throw new ArgumentException("A parameter of another model; expected one of those that are trained.", nameof(parameter));
    }

    /// <summary>A layer with its weights and their gradients, for a <see cref="LayerChain"/>.</summary>
    public LinearLayer Layer(Linear linear) => new(
        (int)linear.weight.shape[1], (int)linear.weight.shape[0], NativeFloats.Of(linear.weight),
        linear.bias is { } bias ? NativeFloats.Of(bias) : null, Of(linear.weight), linear.bias is { } trained ? Of(trained) : null);

    /// <summary>The same of a norm, for <see cref="ColumnNorm"/>.</summary>
    public NormLayer Layer(LayerNorm norm) => new(
        (int)norm.weight!.numel(), NativeFloats.Of(norm.weight), NativeFloats.Of(norm.bias!), Of(norm.weight), Of(norm.bias!));

    public void Dispose() => numbers.Dispose();
}

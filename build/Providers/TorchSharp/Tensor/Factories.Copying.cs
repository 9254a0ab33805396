using System.Runtime.InteropServices;
using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static Tensor from_array(Array rawArray, Device? device = null) => from_array(rawArray, null, device);

    public static Tensor from_array(Array rawArray, ScalarType? dtype, Device? device = null, bool requires_grad = false,
        string[]? names = null)
    {
        var type = TypeMap.Of(rawArray.GetType().GetElementType()!);
        var shape = new long[rawArray.Rank];
        for (var i = 0; i < shape.Length; i++) shape[i] = rawArray.GetLongLength(i);
        var bytes = MemoryMarshal.CreateReadOnlySpan(ref MemoryMarshal.GetArrayDataReference(rawArray),
            checked((int)(rawArray.LongLength * SizeOf(type))));
        return CopiedBytes(bytes, type, shape, dtype, device, requires_grad, names);
    }

    public static Tensor as_tensor(Array data, ScalarType? dtype = null, Device? device = null) => from_array(data, dtype, device);

    public static Tensor as_tensor(Tensor data, ScalarType? dtype = null, Device? device = null) =>
        data.to(dtype ?? data.dtype, device ?? data.device);

    public static Tensor frombuffer(Array rawArray, ScalarType dtype, long count = -1, long offset = 0, bool requires_grad = false)
    {
        using var whole = from_array(rawArray);
        if (dtype != whole.dtype)
            throw new ArgumentException($"The buffer holds {whole.dtype}, the tensor is to hold {dtype}: they must be the same type.");
        using var part = whole.narrow(0, offset, count < 0 ? whole.numel() - offset : count);
        return part.clone().WithGrad(requires_grad);
    }

    private static Tensor Copied<T>(Array array, ScalarType? dtype, Device? device, bool requiresGrad, string[]? names)
        where T : unmanaged => from_array(array, dtype, device, requiresGrad, names);

    private static Tensor Copied<T>(ReadOnlySpan<T> elements, long[] shape, ScalarType? dtype, Device? device, bool requiresGrad,
        string[]? names) where T : unmanaged
    {
        var expected = shape.Aggregate(1L, (product, size) => product * size);
        if (expected != elements.Length)
            throw new ArgumentException($"mismatched total size creating a tensor from an array: {expected} vs. {elements.Length}");
        return CopiedBytes(MemoryMarshal.AsBytes(elements), TypeMap.Of(typeof(T)), shape, dtype, device, requiresGrad, names);
    }

    private static Tensor CopiedBytes(ReadOnlySpan<byte> bytes, ScalarType type, long[] shape, ScalarType? dtype, Device? device,
        bool requiresGrad, string[]? names)
    {
        var tensor = empty(shape, type, CPU);
        bytes.CopyTo(tensor.bytes);
        return tensor.to(dtype ?? type, InitializeDevice(device), disposeAfter: true).With(requiresGrad, names);
    }

    public static Tensor arange(Scalar start, Scalar stop, Scalar step, ScalarType? dtype = null, Device? device = null,
        bool requires_grad = false) =>
        Aten.arange_start_step.Tensor(start, stop, step, dtype ?? RangeType(start, stop, step), Arg.None, device ?? s_defaultDevice)
            .WithGrad(requires_grad);

    public static Tensor arange(Scalar start, Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        arange(start, stop, 1, dtype, device, requires_grad);

    public static Tensor arange(Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        arange(0, stop, 1, dtype, device, requires_grad);

    public static Tensor linspace(double start, double end, long steps, ScalarType? dtype = null, Device? device = null,
        bool requires_grad = false) =>
        Aten.linspace.Tensor(start, end, steps, dtype ?? s_defaultType, Arg.None, device ?? s_defaultDevice).WithGrad(requires_grad);

    public static Tensor logspace(double start, double end, long steps, double @base = 10, ScalarType? dtype = null,
        Device? device = null, bool requires_grad = false) =>
        Aten.logspace.Tensor(start, end, steps, @base, dtype ?? s_defaultType, Arg.None, device ?? s_defaultDevice)
            .WithGrad(requires_grad);

    public static Tensor eye(long rows, long columns = -1L, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        string[]? names = null) =>
        Aten.eye_m.Tensor(rows, columns == -1 ? rows : columns, dtype ?? s_defaultType, Arg.None, device ?? s_defaultDevice)
            .With(requires_grad, names);

    private static ScalarType RangeType(params ReadOnlySpan<Scalar> numbers)
    {
        foreach (var number in numbers)
            if (number.Type == ScalarType.Float64) return s_defaultType;
        return ScalarType.Int64;
    }

    public partial class Tensor
    {
        internal Tensor With(bool requiresGrad, string[]? names)
        {
            if (names is { Length: > 0 }) throw new NotSupportedException("Named dimensions are not in this provider.");
            return WithGrad(requiresGrad);
        }
    }
}

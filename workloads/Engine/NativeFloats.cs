using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;

namespace MlPerfEdu.Engine;

/// <summary>Numbers outside the managed heap, at an address that suits vectors; their own or a tensor's.</summary>
sealed unsafe class NativeFloats(int count) : IDisposable
{
    /// <summary>Numbers of a cache line.</summary>
    public const int Line = 16;

    public float* Address { get; private set; } = (float*)NativeMemory.AlignedAlloc((nuint)count * sizeof(float), Line * sizeof(float));

    /// <summary>Of a tensor that keeps its storage for life.</summary>
    public static float* Of(torch.Tensor tensor) => (float*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(tensor.bytes));

    public void Dispose()
    {
        NativeMemory.AlignedFree(Address);
        Address = null;
    }
}

/// <summary>
/// Tensors of managed numbers, in memory of libtorch's own. TorchSharp's `tensor` pins the array where the heap has it, and MKL's products
/// of operands that do not begin at a multiple of 64 bytes differ in their last bits from those that do: a run would depend on the heap.
/// </summary>
public static class AlignedTensor
{
    public static torch.Tensor Of(ReadOnlySpan<float> numbers, params ReadOnlySpan<long> shape)
    {
        var tensor = torch.empty(shape, torch.float32);
        numbers.CopyTo(MemoryMarshal.Cast<byte, float>(tensor.bytes));
        return tensor;
    }

    public static torch.Tensor Of(ReadOnlySpan<double> numbers, params ReadOnlySpan<long> shape)
    {
        var tensor = torch.empty(shape, torch.float64);
        numbers.CopyTo(MemoryMarshal.Cast<byte, double>(tensor.bytes));
        return tensor;
    }
}

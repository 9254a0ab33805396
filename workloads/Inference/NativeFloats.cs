using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;

namespace MlPerfEdu.Workloads.Inference;

/// <summary>Numbers outside the managed heap, at an address that suits vectors; their own or a tensor's.</summary>
sealed unsafe class NativeFloats(int count) : IDisposable
{
    const nuint Alignment = 64;

    public float* Address { get; private set; } = (float*)NativeMemory.AlignedAlloc((nuint)count * sizeof(float), Alignment);

    /// <summary>Of a tensor that keeps its storage for life.</summary>
    public static float* Of(torch.Tensor tensor) => (float*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(tensor.bytes));

    public void Dispose()
    {
        NativeMemory.AlignedFree(Address);
        Address = null;
    }
}

using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

/// <summary>What a <see cref="NativeValue"/> holds; mt_kind of the header.</summary>
internal enum Kind : long
{
    None = 0, Int = 1, Double = 2, Bool = 3, Tensor = 4, String = 5, Device = 6, Generator = 7, Default = 8,
    IntList = 16, DoubleList = 17, BoolList = 18, TensorList = 19, OptionalTensorList = 20,
}

/// <summary>mt_value of the header: one argument, one result, or the head of a list.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NativeValue
{
    internal Kind Kind;
    internal long Bits;

    internal readonly double Number => BitConverter.Int64BitsToDouble(Bits);
}

/// <summary>mt_tensor_info of the header.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TensorInfo
{
    internal long Dim, Count, ElementSize, StorageOffset;
    internal int DType, DeviceType, DeviceIndex;
    internal byte RequiresGrad, IsLeaf, IsContiguous, IsSparse;
}

/// <summary>mt_custom_node of the header.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct CustomNode
{
    internal nint* Inputs;
    internal long InputCount;
    internal nint* Outputs;
    internal long OutputCount;
    internal byte* Differentiable;
    internal byte* Dirty;
    internal nint* Saved;
    internal long SavedCount;
    internal int Materialize;
    internal delegate* unmanaged<nint, nint*, long, nint*, long, nint*, long, int> Backward;
    internal delegate* unmanaged<nint, void> Released;
    internal nint State;
}

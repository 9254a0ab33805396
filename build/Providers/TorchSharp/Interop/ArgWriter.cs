using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Interop;

/// <summary>Lays arguments out flat, lists as a head followed by their elements.</summary>
internal static unsafe class ArgWriter
{
    internal static void Write(ReadOnlySpan<Arg> args, NativeValue* values)
    {
        foreach (ref readonly var arg in args)
        {
            values->Kind = arg.Kind;
            values->Bits = arg.Bits;
            if (arg.Kind == Kind.String) values->Bits = Marshal.StringToCoTaskMemUTF8((string)arg.Reference!);
            else if (arg.Kind >= Kind.IntList)
            {
                values->Bits = ((Array)arg.Reference!).Length;
                WriteElements(arg, values + 1);
                values += values->Bits;
            }
            values++;
        }
    }

    internal static void Free(ReadOnlySpan<Arg> args, NativeValue* values)
    {
        foreach (ref readonly var arg in args)
        {
            if (arg.Kind == Kind.String) Marshal.FreeCoTaskMem((nint)values->Bits);
            values += arg.Slots;
        }
    }

    private static void WriteElements(in Arg arg, NativeValue* values)
    {
        switch (arg.Kind)
        {
            case Kind.IntList:
                foreach (var element in (long[])arg.Reference!) *values++ = new() { Kind = Kind.Int, Bits = element };
                break;
            case Kind.DoubleList:
                foreach (var element in (double[])arg.Reference!)
                    *values++ = new() { Kind = Kind.Double, Bits = BitConverter.DoubleToInt64Bits(element) };
                break;
            case Kind.BoolList:
                foreach (var element in (bool[])arg.Reference!) *values++ = new() { Kind = Kind.Bool, Bits = element ? 1 : 0 };
                break;
            default:
                foreach (var element in (Tensor?[])arg.Reference!)
                    *values++ = new() { Kind = Kind.Tensor, Bits = element is null ? 0 : element.Handle };
                break;
        }
    }
}

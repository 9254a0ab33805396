using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using static TorchSharp.torch;

namespace TorchSharp.Interop;

/// <summary>
/// One operator of libtorch, looked up by name and overload when it is first called. Trailing arguments may be left out: they
/// get the defaults that this version of libtorch declares.
/// </summary>
internal sealed unsafe class Op(string name, string overload = "")
{
    private const int OnStack = 64;
    private nint _handle;

    /// <summary>False when this libtorch is too old or too new to have the operator.</summary>
    internal bool Exists => Find() != 0;

    internal Tensor Tensor(params ReadOnlySpan<Arg> args)
    {
        NativeValue result;
        if (Invoke(args, &result, 1) != 1 || result.Kind != Kind.Tensor) throw Unexpected();
        return new Tensor((nint)result.Bits);
    }

    /// <summary>An in-place call: changes the first argument, and the answer is that same object.</summary>
    internal Tensor On(Tensor target, params ReadOnlySpan<Arg> args)
    {
        var all = new ArgBuffer();
        all[0] = target;
        args.CopyTo(all[1..]);
        Invoke(all[..(args.Length + 1)], null, 0);
        return target;
    }

    internal (Tensor, Tensor) Pair(params ReadOnlySpan<Arg> args)
    {
        var results = stackalloc NativeValue[2];
        if (Invoke(args, results, 2) != 2) throw Unexpected();
        return (Wrap(results[0]), Wrap(results[1]));
    }

    internal (Tensor, Tensor, Tensor) Triple(params ReadOnlySpan<Arg> args)
    {
        var results = stackalloc NativeValue[3];
        if (Invoke(args, results, 3) != 3) throw Unexpected();
        return (Wrap(results[0]), Wrap(results[1]), Wrap(results[2]));
    }

    /// <summary>The tensors of an operator whose answer is one list, or more than three tensors. Undefined ones are null.</summary>
    internal Tensor[] List(params ReadOnlySpan<Arg> args)
    {
        const int capacity = 16;
        var few = stackalloc NativeValue[capacity];
        var count = Invoke(args, few, capacity);
        var results = new ReadOnlySpan<NativeValue>(few, (int)Math.Min(count, capacity));
        if (count > capacity)
        {
            var many = new NativeValue[count];
            fixed (NativeValue* pointer = many) Native.mt_take_results(pointer);
            results = many;
        }
        if (count > 0 && results[0].Kind == Kind.TensorList) results = results[1..];
        var tensors = new Tensor[results.Length];
        for (var i = 0; i < tensors.Length; i++) tensors[i] = Wrap(results[i]);
        return tensors;
    }

    internal bool Bool(params ReadOnlySpan<Arg> args) => Value(args, Kind.Bool).Bits != 0;

    internal NativeValue Number(params ReadOnlySpan<Arg> args) => Value(args, null);

    internal void Run(params ReadOnlySpan<Arg> args) => Invoke(args, null, 0);

    private NativeValue Value(ReadOnlySpan<Arg> args, Kind? expected)
    {
        NativeValue result;
        if (Invoke(args, &result, 1) != 1 || expected is { } kind && result.Kind != kind) throw Unexpected();
        return result;
    }

    private static Tensor Wrap(NativeValue value) => value.Kind == Kind.Tensor ? new Tensor((nint)value.Bits) : null!;

    [SkipLocalsInit]
    private long Invoke(ReadOnlySpan<Arg> args, NativeValue* results, long capacity)
    {
        var handle = _handle;
        if (handle == 0 && (handle = Find()) == 0)
            throw Missing();
        var slots = 0;
        foreach (ref readonly var arg in args) slots += arg.Slots;
        var stack = stackalloc NativeValue[OnStack];
        var values = slots <= OnStack ? stack : (NativeValue*)NativeMemory.Alloc((nuint)slots, (nuint)sizeof(NativeValue));
        try
        {
            ArgWriter.Write(args, values);
            var count = Native.mt_call(handle, values, slots, results, capacity);
            foreach (ref readonly var arg in args) GC.KeepAlive(arg.Reference);
            if (count < 0) throw NativeError.Last();
            return count;
        }
        finally
        {
            ArgWriter.Free(args, values);
            if (values != stack) NativeMemory.Free(values);
        }
    }

    private nint Find()
    {
        if (_handle != 0) return _handle;
        fixed (byte* qualified = Encoding.UTF8.GetBytes($"aten::{name}\0"), suffix = Encoding.UTF8.GetBytes(overload + '\0'))
            return _handle = Native.mt_find_operator(qualified, suffix);
    }

    private NotSupportedException Missing() =>
        new($"libtorch {Provider.Info.LibtorchVersion} has no operator {name}.{overload}. Use another version of it.");

    private InvalidOperationException Unexpected() =>
        new($"Operator {name}.{overload} of libtorch {Provider.Info.LibtorchVersion} answers with other values than expected.");

    [InlineArray(16)]
    private struct ArgBuffer
    {
        private Arg _first;
    }
}

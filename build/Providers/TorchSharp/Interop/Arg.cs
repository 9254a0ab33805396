namespace TorchSharp.Interop;

/// <summary>One argument of an operator: a value, or an object that is unpacked when the call is made.</summary>
internal readonly struct Arg
{
    private Arg(Kind kind, long bits, object? reference = null) => (Kind, Bits, Reference) = (kind, bits, reference);

    internal Kind Kind { get; }
    internal long Bits { get; }
    internal object? Reference { get; }

    /// <summary>How many native values this argument takes.</summary>
    internal int Slots => Kind < Kind.IntList ? 1 : 1 + ((Array)Reference!).Length;

    internal static Arg None => new(Kind.None, 0);

    /// <summary>The default that the operator itself declares.</summary>
    internal static Arg Default => new(Kind.Default, 0);

    internal static Arg OptionalTensors(torch.Tensor?[] values) => new(Kind.OptionalTensorList, 0, values);

    internal static Arg Ints(ReadOnlySpan<long> values) => values.ToArray();

    public static implicit operator Arg(torch.Tensor? value) => value is null ? None : new(Kind.Tensor, value.Handle, value);
    public static implicit operator Arg(Scalar? value) => value is null ? None : new(value.Kind, value.Bits);
    public static implicit operator Arg(long value) => new(Kind.Int, value);
    public static implicit operator Arg(long? value) => value is { } given ? new(Kind.Int, given) : None;
    public static implicit operator Arg(double value) => new(Kind.Double, BitConverter.DoubleToInt64Bits(value));
    public static implicit operator Arg(double? value) => value is { } given ? given : None;
    public static implicit operator Arg(bool value) => new(Kind.Bool, value ? 1 : 0);
    public static implicit operator Arg(bool? value) => value is { } given ? given : None;
    public static implicit operator Arg(torch.ScalarType value) => new(Kind.Int, (long)value);
    public static implicit operator Arg(torch.ScalarType? value) => value is { } given ? given : None;
    public static implicit operator Arg(torch.Device? value) =>
        value is null ? None : new(Kind.Device, ((long)value.type << 8) + value.index + 1);
    public static implicit operator Arg(torch.Generator? value) => value is null ? None : new(Kind.Generator, value.Handle, value);
    public static implicit operator Arg(string? value) => value is null ? None : new(Kind.String, 0, value);
    public static implicit operator Arg(long[]? value) => value is null ? None : new(Kind.IntList, 0, value);
    public static implicit operator Arg(double[]? value) => value is null ? None : new(Kind.DoubleList, 0, value);
    public static implicit operator Arg(bool[]? value) => value is null ? None : new(Kind.BoolList, 0, value);
    public static implicit operator Arg(torch.Tensor[] value) => new(Kind.TensorList, 0, value);
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using MlPerfEdu.Numerics;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Cloud.Gpt;

/// <summary>How the weights of a <see cref="CachedGpt"/> and its keys and values are stored.</summary>
public enum GptNumbers
{
    /// <summary>The model's own weights, where they lie.</summary>
    Fp32,

    /// <summary>Halves, widened in registers; sums are fp32.</summary>
    Fp16,

    /// <summary>Bytes with a scale per output, and per token and head; inputs are integers of 13 bits, and sums are exact.</summary>
    Q8,
}

static class GptNumbersExtensions
{
    /// <summary>Of one number.</summary>
    public static int Bytes(this GptNumbers numbers) => numbers switch
    {
        GptNumbers.Fp32 => sizeof(float),
        GptNumbers.Fp16 => sizeof(short),
        _ => 1,
    };

    /// <summary>Of what belongs to each row of numbers.</summary>
    public static int ScaleBytes(this GptNumbers numbers) => numbers == GptNumbers.Q8 ? sizeof(float) : 0;

    public static ScalarType Type(this GptNumbers numbers) => numbers switch
    {
        GptNumbers.Fp32 => float32,
        GptNumbers.Fp16 => float16,
        _ => int8,
    };
}

/// <summary>What a format's numbers are read as and multiplied with: vectors of weights (or keys) and of inputs, in memory as the format says.</summary>
unsafe interface ITokenNumbers<TVector>
    where TVector : struct
{
    /// <summary>Numbers of a vector.</summary>
    static abstract int Lanes { get; }

    /// <summary>Bytes of one weight, and of one input.</summary>
    static abstract int Bytes { get; }
    static abstract int InputBytes { get; }

    static abstract TVector Load(byte* weights);
    static abstract TVector LoadInputs(byte* inputs);
    static abstract TVector MultiplyAdd(TVector weights, TVector inputs, TVector sums);

    /// <summary>Eight numbers as floats, each divided by the square of <see cref="Unit"/>.</summary>
    static abstract Wide256 Eight(byte* numbers);

    /// <summary>Half of it, as it were, goes to what numbers are multiplied with and half to the sums, so that neither leaves fp32's range.</summary>
    static abstract float Unit { get; }

    /// <summary>The sums of four vectors.</summary>
    static abstract Vector128<float> Sums(TVector a, TVector b, TVector c, TVector d);

    /// <summary>Inputs as they are multiplied; those that are already are left where they are.</summary>
    /// <param name="room">For as many inputs.</param>
    /// <param name="factor">What sums of their products are multiplied by.</param>
    static abstract byte* Prepare(float* inputs, int count, byte* room, out float factor);
}

readonly unsafe struct Fp32Numbers<T> : ITokenNumbers<T>
    where T : struct, IWide<T>
{
    public static int Lanes => T.Lanes;
    public static int Bytes => sizeof(float);
    public static int InputBytes => sizeof(float);

    public static float Unit => 1;

    [MethodImpl(Simd.Inline)] public static T Load(byte* weights) => T.Load((float*)weights);
    [MethodImpl(Simd.Inline)] public static Wide256 Eight(byte* numbers) => Wide256.Load((float*)numbers);
    [MethodImpl(Simd.Inline)] public static T LoadInputs(byte* inputs) => T.Load((float*)inputs);
    [MethodImpl(Simd.Inline)] public static T MultiplyAdd(T weights, T inputs, T sums) => T.MultiplyAdd(inputs, weights, sums);
    [MethodImpl(Simd.Inline)] public static Vector128<float> Sums(T a, T b, T c, T d) => Simd.Sums(a, b, c, d);

    public static byte* Prepare(float* inputs, int count, byte* room, out float factor)
    {
        factor = 1;
        return (byte*)inputs;
    }
}

readonly unsafe struct Fp16Numbers<T> : ITokenNumbers<T>
    where T : struct, IWide<T>
{
    public static int Lanes => T.Lanes;
    public static int Bytes => sizeof(short);
    public static int InputBytes => sizeof(float);

    /// <summary>2^56, the root of <see cref="Simd.HalfUnit"/>.</summary>
    public static float Unit => 7.205759403792794e16f;

    [MethodImpl(Simd.Inline)] public static T Load(byte* weights) => T.LoadHalves((Half*)weights);
    [MethodImpl(Simd.Inline)] public static Wide256 Eight(byte* numbers) => Wide256.LoadHalves((Half*)numbers);
    [MethodImpl(Simd.Inline)] public static T LoadInputs(byte* inputs) => T.Load((float*)inputs);
    [MethodImpl(Simd.Inline)] public static T MultiplyAdd(T weights, T inputs, T sums) => T.MultiplyAdd(inputs, weights, sums);
    [MethodImpl(Simd.Inline)] public static Vector128<float> Sums(T a, T b, T c, T d) => Simd.Sums(a, b, c, d);

    public static byte* Prepare(float* inputs, int count, byte* room, out float factor)
    {
        factor = Unit;
        Simd.Scale(new ReadOnlySpan<float>(inputs, count), Unit, new Span<float>(room, count));
        return room;
    }
}

readonly unsafe struct Q8Numbers : ITokenNumbers<Vector256<int>>
{
    /// <summary>The largest input: 4,096 products with bytes add up within 31 bits.</summary>
    public const int LargestInput = 4095;

    public const int MostInputs = 4096;

    public static int Lanes => Vector256<short>.Count;
    public static int Bytes => 1;
    public static int InputBytes => sizeof(short);
    public static float Unit => 1;

    [MethodImpl(Simd.Inline)] public static Vector256<int> Load(byte* weights) => Widening.Shorts((sbyte*)weights).AsInt32();
    [MethodImpl(Simd.Inline)] public static Wide256 Eight(byte* numbers) => Wide256.LoadBytes((sbyte*)numbers);
    [MethodImpl(Simd.Inline)] public static Vector256<int> LoadInputs(byte* inputs) => Vector256.Load((int*)inputs);

    [MethodImpl(Simd.Inline)]
    public static Vector256<int> MultiplyAdd(Vector256<int> weights, Vector256<int> inputs, Vector256<int> sums) =>
        Int8.AddPairs(sums, inputs.AsInt16(), weights.AsInt16());

    [MethodImpl(Simd.Inline)]
    public static Vector128<float> Sums(Vector256<int> a, Vector256<int> b, Vector256<int> c, Vector256<int> d) =>
        Vector128.ConvertToSingle(Int8.Sums(a, b, c, d));

    public static byte* Prepare(float* inputs, int count, byte* room, out float factor)
    {
        factor = RowScale.Of(inputs, count, LargestInput);
        RowScale.Divide(inputs, count, factor, (short*)room);
        return room;
    }
}

using System.Runtime.Intrinsics;
using MlPerfEdu.Numerics;
using MlPerfEdu.Workloads.Cloud.Gpt;

namespace MlPerfEdu.Workloads.Tests.Inference;

/// <summary>Products of stored weights against sums in double precision, of what was stored.</summary>
public unsafe class TokenProductTests
{
    const float Untouched = 77;

    // Rows: less than a tile, tiles, and a rest. Outputs: a chunk and a rest. Inputs: whole pieces, and more.
    public static TheoryData<int, int, int> Sizes => new()
    {
        { 1, 4, 64 }, { 3, 12, 128 }, { 4, 36, 192 }, { 7, 32, 64 }, { 9, 68, 1088 }, { 16, 40, 3072 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Fp32_products_are_those_of_double_precision(int rows, int outputs, int width)
    {
        Check<Fp32Numbers<Wide256>, Wide256>(rows, outputs, width, weight => (weight, weight), Store);
        Check<Fp32Numbers<Wide512>, Wide512>(rows, outputs, width, weight => (weight, weight), Store);

        static void Store(float[] from, byte[] to) => Buffer.BlockCopy(from, 0, to, 0, to.Length);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Fp16_products_are_those_of_double_precision(int rows, int outputs, int width)
    {
        Check<Fp16Numbers<Wide256>, Wide256>(rows, outputs, width, weight => (weight, (float)(Half)weight), Store);
        Check<Fp16Numbers<Wide512>, Wide512>(rows, outputs, width, weight => (weight, (float)(Half)weight), Store);

        static void Store(float[] from, byte[] to) => Buffer.BlockCopy(Array.ConvertAll(from, weight => BitConverter.HalfToUInt16Bits((Half)weight)), 0, to, 0, to.Length);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Products_of_bytes_are_exact_but_for_the_rounding_of_inputs(int rows, int outputs, int width) =>
        Check<Q8Numbers, Vector256<int>>(
            rows, outputs, width, weight => (Byte(weight), Byte(weight)),
            (from, to) => Buffer.BlockCopy(Array.ConvertAll(from, weight => (sbyte)weight), 0, to, 0, to.Length), inputSteps: Q8Numbers.LargestInput);

    static float Byte(float weight) => Math.Clamp(MathF.Round(40 * weight), -127, 127);

    /// <summary>As many products as there can be, as large as they can be.</summary>
    [Theory]
    [InlineData(127)]
    [InlineData(-127)]
    public void Sums_of_bytes_do_not_run_over(int weight)
    {
        var weights = Enumerable.Repeat((sbyte)weight, 4 * Q8Numbers.MostInputs).ToArray();
        var inputs = Enumerable.Repeat((short)Q8Numbers.LargestInput, Q8Numbers.MostInputs).ToArray();
        fixed (sbyte* w = weights)
        fixed (short* x = inputs)
        {
            var sums = TokenProduct<Q8Numbers, Vector256<int>>.Dots((byte*)w, Q8Numbers.MostInputs, 0, (byte*)x, Q8Numbers.MostInputs);
            Assert.Equal(Vector128.Create((float)(weight * Q8Numbers.LargestInput * Q8Numbers.MostInputs)), sums);
        }
    }

    [Theory]
    [InlineData(0f, 0f)]
    [InlineData(float.NaN, float.NaN)]
    [InlineData(float.PositiveInfinity, float.NaN)]
    public void A_row_of_zeros_has_no_scale_and_what_is_not_finite_stays_visible(float value, float scale)
    {
        var row = new float[64];
        row[63] = value;
        fixed (float* x = row) Assert.Equal(scale, RowScale.Of(x, row.Length, 127));
    }

    static void Check<TNumbers, TVector>(
        int rows, int outputs, int width, Func<float, (float Written, float Stored)> store, Action<float[], byte[]> write, double inputSteps = 0)
        where TNumbers : struct, ITokenNumbers<TVector>
        where TVector : struct
    {
        var random = new RandomData(outputs + width);
        var stored = Array.ConvertAll(random.Normals(outputs * width), weight => store(weight));
        var bytes = new byte[outputs * width * TNumbers.Bytes];
        write([.. stored.Select(weight => weight.Written)], bytes);
        float[] inputs = random.Normals(rows * width), bias = random.Normals(outputs), scales = random.Normals(outputs), before = random.Normals(rows * outputs);
        foreach (var (from, to, add, isScaled) in new[] { (0, outputs, false, true), (outputs > 4 ? 4 : 0, outputs, true, false) })
        {
            var found = add ? before.ToArray() : [.. Enumerable.Repeat(Untouched, rows * outputs)];
            fixed (byte* w = bytes)
            fixed (float* x = inputs, b = bias, s = scales, y = found, room = new float[rows * width], factors = new float[rows])
            {
                new TokenArithmetic<TNumbers, TVector>().Multiply(
                    new(w, isScaled ? s : null, b), x, new(room, factors), rows, width, y, outputs, from, to, add);
            }

            for (var row = 0; row < rows; row++)
            {
                var largest = inputs.Skip(row * width).Take(width).Max(Math.Abs);
                for (var output = 0; output < outputs; output++)
                {
                    var start = add ? before[row * outputs + output] : 0;
                    if (output < from || output >= to)
                    {
                        Assert.Equal(add ? start : Untouched, found[row * outputs + output]);
                        continue;
                    }

                    double sum = 0, magnitude = 0;
                    for (var i = 0; i < width; i++)
                    {
                        var product = (double)stored[output * width + i].Stored * inputs[row * width + i];
                        (sum, magnitude) = (sum + product, magnitude + Math.Abs(stored[output * width + i].Stored));
                    }

                    var scale = isScaled ? scales[output] : 1;
                    var rounding = inputSteps == 0 ? 0 : magnitude * largest / inputSteps / 2;
                    Assert.Equal(sum * scale + bias[output] + start, found[row * outputs + output], Math.Abs(scale) * (2e-4 + 1.01 * rounding) + 1e-5);
                }
            }
        }
    }
}

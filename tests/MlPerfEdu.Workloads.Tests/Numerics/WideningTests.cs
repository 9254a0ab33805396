using System.Runtime.Intrinsics;
using MlPerfEdu.Numerics;

namespace MlPerfEdu.Workloads.Tests.Numerics;

public unsafe class WideningTests
{
    const int Patterns = 1 << 16;

    static readonly Half[] Halves = [.. Enumerable.Range(0, Patterns).Select(pattern => BitConverter.UInt16BitsToHalf((ushort)pattern))];

    [Fact]
    public void Every_half_is_itself_times_the_unit_and_subnormal_ones_are_too()
    {
        foreach (var widened in new[] { Widened<Wide256>(), Widened<Wide512>() })
        {
            for (var pattern = 0; pattern < Patterns; pattern++)
            {
                var (expected, found) = ((float)Halves[pattern], widened[pattern] * Simd.HalfUnit);
                if (float.IsFinite(expected))
                    Assert.Equal(BitConverter.SingleToUInt32Bits(expected), BitConverter.SingleToUInt32Bits(found));
                else // Not told from numbers: those that would follow the largest half, with its sign.
                    Assert.InRange(Math.Abs(found), 65_536, 131_008);
            }
        }
    }

    [Fact]
    public void Every_byte_is_itself()
    {
        sbyte[] bytes = [.. Enumerable.Range(sbyte.MinValue, 256).Select(value => (sbyte)value)];
        float[] narrow = new float[256], wide = new float[256];
        fixed (sbyte* from = bytes)
        fixed (float* to = narrow, other = wide)
        {
            for (var i = 0; i < 256; i += Wide256.Lanes) Wide256.LoadBytes(from + i).Store(to + i);
            for (var i = 0; i < 256; i += Wide512.Lanes) Wide512.LoadBytes(from + i).Store(other + i);
            for (var i = 0; i < 256; i += Vector256<short>.Count)
                Assert.Equal(bytes[i..(i + 16)].Select(value => (short)value), Lanes(Widening.Shorts(from + i)));
        }

        Assert.Equal(bytes.Select(value => (float)value), narrow);
        Assert.Equal(narrow, wide);
    }

    [Fact]
    public void Narrowed_numbers_are_the_nearest_halves()
    {
        var random = new RandomData(5);
        float[] values = [.. random.Normals(3001), .. random.Normals(500).Select(value => value * 1e-6f), 65_504, 65_519.9f, 65_520, -1e9f, float.NaN, 2049, 2051];
        var found = new Half[values.Length];
        fixed (float* from = values)
        fixed (Half* to = found) Widening.Narrow(from, to, values.Length);

        Assert.Equal(values.Select(value => (Half)value), found);
    }

    [Fact]
    public void Pairs_of_shorts_are_added_up_alike_with_and_without_an_instruction()
    {
        var random = new Random(2);
        for (var i = 0; i < 100; i++)
        {
            short[] inputs = [.. Enumerable.Range(0, 16).Select(_ => (short)random.Next(-4095, 4096))];
            short[] weights = [.. Enumerable.Range(0, 16).Select(_ => (short)random.Next(-127, 128))];
            var (x, w, start) = (Vector256.Create(inputs), Vector256.Create(weights), Vector256.Create(-3));
            int[] expected = [.. Enumerable.Range(0, 8).Select(lane => -3 + inputs[2 * lane] * weights[2 * lane] + inputs[2 * lane + 1] * weights[2 * lane + 1])];
            Assert.Equal(Vector256.Create(expected), Int8.AddPairs(start, x, w));
            Assert.Equal(Vector256.Create(expected), Int8.AddPairsPortably(start, x, w));
        }
    }

    static IEnumerable<short> Lanes(Vector256<short> vector) => Enumerable.Range(0, Vector256<short>.Count).Select(lane => vector[lane]);

    static float[] Widened<T>()
        where T : struct, IWide<T>
    {
        var widened = new float[Patterns];
        fixed (Half* from = Halves)
        fixed (float* to = widened)
        {
            for (var i = 0; i < Patterns; i += T.Lanes) T.LoadHalves(from + i).Store(to + i);
        }

        return widened;
    }
}

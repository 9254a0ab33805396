using MlPerfEdu.Numerics;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Tests.Numerics;

public class Bf16Tests
{
    const int Patterns = 1 << 16;

    // Not a multiple of any vector, so that the rest is taken as well.
    const int Rest = 5;

    [Fact]
    public void Every_number_is_itself_again_and_no_NaN_becomes_one()
    {
        var patterns = Enumerable.Range(0, Patterns + Rest).Select(pattern => (ushort)pattern).ToArray();
        var values = Widened(patterns);
        var again = Narrowed(values);
        for (var i = 0; i < patterns.Length; i++)
        {
            Assert.Equal((uint)patterns[i] << 16, BitConverter.SingleToUInt32Bits(values[i]));
            Assert.Equal(float.IsNaN(values[i]) ? patterns[i] | 0x40 : patterns[i], again[i]);
        }
    }

    // Between every two neighbours: the middle, and the fp32 numbers next to it.
    [Fact]
    public void Halves_go_to_the_even_neighbour_and_everything_else_to_the_nearer_one()
    {
        var halves = Between(0x8000);
        var (below, above) = (Between(0x7fff), Between(0x8001));
        for (var pattern = 0; pattern < Patterns; pattern++)
        {
            // Of a NaN's bits none are a distance; the largest numbers round to infinity.
            if ((pattern & 0x7f80) == 0x7f80) continue;
            Assert.Equal(pattern + (pattern & 1), halves[pattern]);
            Assert.Equal(pattern, below[pattern]);
            Assert.Equal(pattern + 1, above[pattern]);
        }

        static ushort[] Between(uint lower) =>
            Narrowed([.. Enumerable.Range(0, Patterns).Select(pattern => BitConverter.UInt32BitsToSingle((uint)pattern << 16 | lower))]);
    }

    [Theory]
    [InlineData(0x7f80_0001u)]
    [InlineData(0x7fff_ffffu)]
    [InlineData(0xff80_0001u)]
    [InlineData(0xffff_ffffu)]
    public void NaN_stays_NaN_and_keeps_its_sign(uint bits)
    {
        var value = BitConverter.UInt32BitsToSingle(bits);
        foreach (var found in Narrowed([.. Enumerable.Repeat(value, 16 + Rest)]))
        {
            Assert.True(float.IsNaN(Bf16.Value(found)));
            Assert.Equal(bits >> 31, (uint)found >> 15);
        }
    }

    [Fact]
    public void Vectors_numbers_and_libtorch_agree()
    {
        var random = new RandomData(3);
        float[] values = [.. random.Normals(4000), .. random.Normals(997).Select(value => value * 1e-39f), float.PositiveInfinity, float.MinValue];
        using var scope = NewDisposeScope();
        var expected = tensor(values).to(bfloat16).to(float32).data<float>().ToArray();
        var found = Narrowed(values);
        for (var i = 0; i < values.Length; i++)
        {
            Assert.Equal(Bf16.Of(values[i]), found[i]);
            Assert.Equal(expected[i], Bf16.Value(found[i]));
        }
    }

    static unsafe ushort[] Narrowed(float[] values)
    {
        var found = new ushort[values.Length];
        fixed (float* from = values)
        fixed (ushort* to = found)
            Bf16.Narrow(from, to, values.Length);
        return found;
    }

    static unsafe float[] Widened(ushort[] values)
    {
        var found = new float[values.Length];
        fixed (ushort* from = values)
        fixed (float* to = found)
            Bf16.Widen(from, to, values.Length);
        return found;
    }
}

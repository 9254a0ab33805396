using System.Runtime.Intrinsics;
using MlPerfEdu.Numerics;

namespace MlPerfEdu.Workloads.Tests.Numerics;

/// <summary>Kernels of bytes against sums of 64-bit integers: equal, not near.</summary>
public unsafe class Int8Tests
{
    [Fact]
    public void Extreme_products_are_not_cut_off_and_all_instructions_agree()
    {
        foreach (var weight in (sbyte[])[-127, 127, 1])
        {
            var (x, w, start) = (Vector256.Create((byte)127), Vector256.Create(weight), Vector256.Create(-5));
            Assert.Equal(Vector256.Create(-5 + 4 * 127 * weight), Int8.AddQuads(start, x, w));
            Assert.Equal(Vector256.Create(-5 + 4 * 127 * weight), Int8.AddQuadsPortably(start, x, w));
        }
        var random = new Random(1);
        for (var i = 0; i < 100; i++)
        {
            byte[] bytes = [.. Enumerable.Range(0, 32).Select(_ => (byte)random.Next(128))];
            sbyte[] weights = [.. Enumerable.Range(0, 32).Select(_ => (sbyte)random.Next(-127, 128))];
            var (x, w) = (Vector256.Create(bytes), Vector256.Create(weights));
            int[] expected = [.. Enumerable.Range(0, 8).Select(lane => 7 + Enumerable.Range(4 * lane, 4).Sum(at => bytes[at] * weights[at]))];
            Assert.Equal(Vector256.Create(expected), Int8.AddQuads(Vector256.Create(7), x, w));
            Assert.Equal(Vector256.Create(expected), Int8.AddQuadsPortably(Vector256.Create(7), x, w));
        }
    }

    [Theory]
    [InlineData(false, 16, 16)]
    [InlineData(false, 24, 27)]
    [InlineData(false, 100, 64)]
    [InlineData(true, 16, 16)]
    [InlineData(true, 24, 27)]
    [InlineData(true, 40, 1280)]
    [InlineData(true, 100, 64)]
    public void Sums_are_exact(bool twoOfFour, int outputs, int inputs)
    {
        const int zero = 61;
        var random = new Random(outputs * inputs);
        var weights = Weights(random, outputs, inputs, twoOfFour);
        var layer = new Int8Layer(weights, outputs, inputs, zero, twoOfFour ? Int8Form.TwoOfFour : Int8Form.Dense, null);
        var x = Activations(random, layer.Inputs);
        var sums = new int[layer.Panels * Int8.Lanes];
        fixed (byte* from = x)
        fixed (int* to = sums) Int8Product.Sum(from, layer, to, (0, layer.Panels));
        for (var output = 0; output < outputs; output++)
            Assert.Equal(Sum(weights, x, output, inputs, zero), sums[output]);
    }

    [Theory]
    [InlineData(false, 24, 16, false)]
    [InlineData(true, 24, 16, true)]
    [InlineData(true, 32, 96, false)]
    [InlineData(false, 320, 40, true)]
    public void Results_are_those_of_exact_sums_and_reach_nothing_else(bool twoOfFour, int outputs, int inputs, bool hasResidual)
    {
        const int zero = 9;
        var random = new Random(outputs + inputs);
        var map = new ByteMap(2, 8, outputs, Border: 1);
        var weights = Weights(random, outputs, inputs, twoOfFour);
        var how = Requantisation(random, outputs, inputs, hasResidual);
        var layer = new Int8Layer(weights, outputs, inputs, zero, twoOfFour ? Int8Form.TwoOfFour : Int8Form.Dense, how);
        byte[] x = Activations(random, map.Places * layer.Inputs), residual = Activations(random, map.Places * outputs), y = new byte[map.Bytes];
        fixed (byte* from = x, added = residual, to = y)
            Int8Product.Multiply(from, layer, to, map, hasResidual ? added : null, (0, map.Places / Int8Product.Rows), (0, Int8Product.Pairs(layer)));
        var expected = new byte[map.Bytes];
        for (var place = 0; place < map.Places; place++)
        {
            for (var output = 0; output < outputs; output++)
            {
                var sum = Sum(weights, x.AsSpan(place * layer.Inputs), output, inputs, zero);
                expected[map.Offset(place) + output] = Result(how, output, sum, hasResidual ? residual[place * outputs + output] : null);
            }
        }
        Assert.Equal(expected, y);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Depthwise_results_are_those_of_exact_sums(int stride)
    {
        const int channels = 24, side = 8;
        var random = new Random(stride);
        ByteMap from = new(side, side, channels, Border: 1), to = new(side / stride, side / stride, channels, Border: 0);
        var weights = Weights(random, channels, 9, twoOfFour: false);
        var how = Requantisation(random, channels, 9, hasResidual: false);
        byte[] x = new byte[from.Bytes], y = new byte[to.Bytes];
        for (var place = 0; place < from.Places; place++) Activations(random, channels).CopyTo(x, (int)from.Offset(place));
        fixed (byte* source = x, target = y)
            new Int8Depthwise(weights, channels, stride, how).Rows(source, from, target, to, (0, to.Height));
        for (var place = 0; place < to.Places; place++)
        {
            for (var channel = 0; channel < channels; channel++)
            {
                var sum = 0L;
                for (var tap = 0; tap < 9; tap++)
                    sum += weights[channel * 9 + tap] * (long)x[from.Offset(place / to.Width * stride + tap / 3 - 1, place % to.Width * stride + tap % 3 - 1) + channel];
                Assert.Equal(Result(how, channel, sum, null), y[to.Offset(place) + channel]);
            }
        }
    }

    [Fact]
    public void Three_weights_of_four_are_refused() =>
        Assert.Equal("MLP4006", Assert.Throws<KernelException>(
            () => new Int8Layer([.. Enumerable.Repeat<sbyte>(0, 60), 1, 0, 1, 1], 16, 4, 0, Int8Form.TwoOfFour, null)).Code);

    internal static sbyte[] Weights(Random random, int outputs, int inputs, bool twoOfFour)
    {
        var weights = new sbyte[outputs * inputs];
        for (var i = 0; i < weights.Length; i++) weights[i] = (sbyte)random.Next(-127, 128);
        for (var group = 0; twoOfFour && group < outputs * ((inputs + 3) / 4); group++)
        {
            var (row, tap) = (group / ((inputs + 3) / 4) * inputs, group % ((inputs + 3) / 4) * 4);
            int[] places = [0, 1, 2, 3];
            random.Shuffle(places);
            // Some groups keep fewer than two.
            foreach (var place in places[random.Next(2, 4)..].Concat(places[..2].Where(_ => random.Next(8) == 0)).Concat(places[2..3]))
                if (tap + place < inputs) weights[row + tap + place] = 0;
        }
        return weights;
    }

    static byte[] Activations(Random random, int count)
    {
        var bytes = new byte[count];
        for (var i = 0; i < count; i++) bytes[i] = (byte)random.Next(Int8.Largest + 1);
        return bytes;
    }

    // Wide enough that some results are cut off on both sides.
    static Requantisation Requantisation(Random random, int outputs, int inputs, bool hasResidual)
    {
        var spread = (float)(30 / (4000 * Math.Sqrt(inputs)));
        return new([.. Enumerable.Range(0, outputs).Select(_ => spread * (0.5f + random.NextSingle()))],
            [.. Enumerable.Range(0, outputs).Select(_ => 60 * random.NextSingle())], Low: 0, High: 100.5f, hasResidual ? 0.37f : 0);
    }

    static long Sum(sbyte[] weights, ReadOnlySpan<byte> x, int output, int inputs, int zero)
    {
        var sum = 0L;
        for (var input = 0; input < inputs; input++) sum += weights[output * inputs + input] * (long)(x[input] - zero);
        return sum;
    }

    static byte Result(Requantisation how, int output, long sum, byte? residual)
    {
        var y = (float)((double)(float)sum * how.Multiplier[output] + how.Offset[output]);
        if (residual is { } added) y = (float)((double)added * how.ResidualFactor + y);
        return (byte)Math.Round(Math.Clamp((double)y, how.Low, how.High), MidpointRounding.ToEven);
    }
}

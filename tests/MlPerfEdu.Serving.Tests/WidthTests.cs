namespace MlPerfEdu.Serving.Tests;

/// <summary>Loops run at the width of this machine's vectors elsewhere; here at both, by software where there is no such register.</summary>
public sealed class WidthTests
{
    readonly RandomData random = new(31);

    [Fact]
    public void Lanes_of_512_bits_are_lanes() => CheckLanes<Wide512>();

    [Fact]
    public void Lanes_of_256_bits_are_lanes() => CheckLanes<Wide256>();

    [Fact]
    public void Loops_of_512_bits_are_their_plain_forms() => CheckLoops<Wide512>();

    [Fact]
    public void Loops_of_256_bits_are_their_plain_forms() => CheckLoops<Wide256>();

    [Fact]
    public void Products_of_512_bits_are_the_plain_product() => CheckProducts<Wide512>();

    [Fact]
    public void Products_of_256_bits_are_the_plain_product() => CheckProducts<Wide256>();

    [Fact]
    public void Attention_of_512_bits_is_that_of_the_definition() => CheckAttention<Wide512>();

    [Fact]
    public void Attention_of_256_bits_is_that_of_the_definition() => CheckAttention<Wide256>();

    void CheckLanes<T>()
        where T : struct, IWide<T>
    {
        float[] a = random.Normals(T.Lanes), b = random.Normals(T.Lanes);
        a[3] = b[3];
        Each((x, y) => x + y, (x, y) => x + y);
        Each((x, y) => x - y, (x, y) => x - y);
        Each((x, y) => -x, (x, y) => -x);
        Each((x, y) => x * y, (x, y) => x * y);
        Each((x, y) => x / y, (x, y) => x / y);
        Each((x, y) => T.MultiplyAdd(x, y, x), (x, y) => MathF.FusedMultiplyAdd(x, y, x));
        Each(T.Min, MathF.Min);
        Each(T.Max, MathF.Max);
        Each((x, y) => T.Abs(x), (x, y) => MathF.Abs(x));
        Each((x, y) => T.Round(x * T.Create(4)), (x, y) => MathF.Round(x * 4));
        Each((x, y) => T.Scale(x, T.Create(-3)), (x, y) => x / 8);
        Each((x, y) => x & T.Less(x, y), (x, y) => x < y ? x : 0);
        Each((x, y) => x & T.AtLeast(x, y), (x, y) => x >= y ? x : 0);
        Each((x, y) => T.Select(T.Equal(x, y), x, T.Create(7)), (x, y) => x == y ? x : 7);
        var less = Enumerable.Range(0, T.Lanes).Sum(lane => a[lane] < b[lane] ? 1u << lane : 0);
        Assert.Equal(less, (long)T.Bits(T.Less(T.Load(ref a[0], 0), T.Load(ref b[0], 0))));
        Assert.Equal(a.Max(), Simd.LargestLane(T.Load(ref a[0], 0)));
        Assert.Equal(a.Sum(value => (double)value), Simd.Sum(T.Load(ref a[0], 0)), 1e-5);

        void Each(Func<T, T, T> ofVectors, Func<float, float, float> ofNumbers)
        {
            var found = new float[T.Lanes];
            ofVectors(T.Load(ref a[0], 0), T.Load(ref b[0], 0)).Store(ref found[0], 0);
            Assert.Equal(a.Zip(b, ofNumbers), found);
        }
    }

    void CheckLoops<T>()
        where T : struct, IWide<T>
    {
        for (var length = 1; length < 150; length++)
        {
            float[] a = random.Normals(length), b = random.Normals(length), result = [.. b];
            Assert.Equal(a.Zip(b, (x, y) => (double)x * y).Sum(), Loops<T>.Dot(ref a[0], ref b[0], length), 1e-4);
            Loops<T>.AddScaled(ref result[0], ref a[0], 3, length);
            Near(a.Zip(b, (x, y) => 3 * x + y), result);
            Loops<T>.Scale(ref a[0], 3, ref result[0], length);
            Near(a.Select(x => 3 * x), result);
            Assert.Equal(a.Max(), Loops<T>.Max(a));
            Assert.Equal(a.Max(), Loops<T>.FiniteMax(a));
            Assert.Equal(a.Max(MathF.Abs), Loops<T>.MaxMagnitude(a));
            Assert.True(Loops<T>.AreFinite(a));
            var sum = a.Sum(x => Math.Exp(x - 1.0));
            Assert.Equal(sum, Loops<T>.SumOfExp(a, 1), 1e-5 * sum);
            a.CopyTo(result, 0);
            Assert.Equal(sum, Loops<T>.ExpAndSum(result, 1), 1e-5 * sum);
            Near(a.Select(x => MathF.Exp(x - 1)), result);

            a[random.Below(length)] = length % 2 == 0 ? float.NaN : float.PositiveInfinity;
            Assert.False(Loops<T>.AreFinite(a));
            Assert.Equal(float.NaN, Loops<T>.FiniteMax(a));
        }
    }

    void CheckProducts<T>()
        where T : struct, IWide<T>
    {
        int[] columns = [1, 7, 8, 15, 16, 17, 23, 24, 31, 32, 40, 47, 48, 57, 64, 65, 80, 127, 128, 131, 160, 257];
        foreach (var width in columns)
        {
            foreach (var (rows, inner) in new[] { (1, 5), (2, 300), (4, 17), (5, 9), (8, 33), (11, 600), (13, 2), (16, 70) })
            {
                float[] x = random.Normals(rows * inner), b = random.Normals(inner * width), added = random.Normals(rows * width);
                float[] plain = new float[rows * width], found = new float[rows * width];
                Product.Plain(x, b, plain, rows, inner, width);
                new ProductTiles<T>(x, b, added, 0.5f, found, inner, width).Fill(rows);
                Near(plain.Zip(added, (product, before) => before + 0.5f * product), found);
                CheckRowsAlone<T>(x, b, rows, inner, width);
            }
        }
    }

    // Bit by bit: who else is in a batch must not change an answer.
    static void CheckRowsAlone<T>(float[] x, float[] b, int rows, int inner, int width)
        where T : struct, IWide<T>
    {
        float[] none = new float[rows * width], all = new float[rows * width], alone = new float[width];
        new ProductTiles<T>(x, b, none, 1, all, inner, width).Fill(rows);
        for (var row = 0; row < rows; row++)
        {
            new ProductTiles<T>(x.AsSpan(row * inner, inner), b, none, 1, alone, inner, width).Fill(1);
            Assert.Equal(alone, all[(row * width)..((row + 1) * width)]);
        }
    }

    void CheckAttention<T>()
        where T : struct, IWide<T>
    {
        for (var trial = 0; trial < 300; trial++)
        {
            var (count, dim) = (random.Between(1, 30), random.Between(1, 140));
            float[] queries = random.Normals(2 * dim), keys = random.Normals(count * dim), weights = random.Normals(2 * count);
            float[] one = new float[count], first = new float[count], second = new float[count];
            AttentionLoops<T>.Scores(ref queries[0], ref keys[0], one, dim, 0.5f);
            AttentionLoops<T>.Scores(ref queries[0], ref queries[dim], ref keys[0], first, second, dim, 0.5f);
            Near(keys.Chunk(dim).Select(key => 0.5f * Simd.Dot(key, queries.AsSpan(0, dim))), one);
            Near(one, first);
            Near(keys.Chunk(dim).Select(key => 0.5f * Simd.Dot(key, queries.AsSpan(dim))), second);

            float[] alone = new float[dim], mixed = new float[2 * dim];
            AttentionLoops<T>.Mix(weights.AsSpan(0, count), ref keys[0], ref alone[0], dim);
            AttentionLoops<T>.Mix(weights.AsSpan(0, count), weights.AsSpan(count), ref keys[0], ref mixed[0], ref mixed[dim], dim);
            Near(Enumerable.Range(0, dim).Select(at => Enumerable.Range(0, count).Sum(key => weights[key] * keys[key * dim + at])), alone);
            Near(alone, mixed[..dim]);
            Near(Enumerable.Range(0, dim).Select(at => Enumerable.Range(0, count).Sum(key => weights[count + key] * keys[key * dim + at])),
                mixed[dim..]);
        }
    }

    // Sums of some hundred products of normal numbers.
    static void Near(IEnumerable<float> expected, float[] found) =>
        Assert.InRange(Difference.Largest([.. expected], found), 0, 2e-4);
}

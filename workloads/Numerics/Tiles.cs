namespace MlPerfEdu.Numerics;

/// <summary>A number at [row, column] lies at row·Down + column·Along, so that a matrix can be read as its transpose.</summary>
readonly unsafe struct Strided(float* first, nint down, nint along = 1)
{
    public float* First => first;

    public nint Down => down;

    public nint Along => along;

    public Strided Transposed => new(First, Along, Down);
}

/// <summary>Products of matrices that fit into a cache, in tiles of four rows by three vectors that stay in registers.</summary>
static unsafe class Tiles<T>
    where T : struct, IWide<T>
{
    /// <summary>Rows are a multiple of it.</summary>
    public const int Rows = 4;

    /// <summary>c = a·b, or c += a·b.</summary>
    /// <param name="rows">A multiple of <see cref="Rows"/>.</param>
    /// <param name="columns">A multiple of a vector's lanes; <paramref name="b"/> and <paramref name="c"/> have as many per row.</param>
    /// <param name="ahead">Takes <see cref="Steps"/> steps.</param>
    public static void Multiply(Strided a, float* b, float* c, int rows, int columns, int inner, bool adds, ref Ahead ahead)
    {
        var vectors = columns / T.Lanes;
        // Three vectors at a time; where one would be left over, two and two.
        var (column, inTriples) = (0, vectors % 3 == 1 && vectors > 1 ? vectors / 3 - 1 : vectors / 3);
        for (var i = 0; i < inTriples; i++, column += 3 * T.Lanes) Triples(a, b + column, c + column, rows, columns, inner, adds, ref ahead);
        for (; column <= columns - 2 * T.Lanes; column += 2 * T.Lanes) Pairs(a, b + column, c + column, rows, columns, inner, adds, ref ahead);
        if (column < columns) Singles(a, b + column, c + column, rows, columns, inner, adds, ref ahead);
    }

    /// <summary>Tiles of a product.</summary>
    public static int Steps(int rows, int columns)
    {
        var vectors = columns / T.Lanes;
        return rows / Rows * Math.Max((vectors + 1) / 3, 1);
    }

    [MethodImpl(Simd.Loop)]
    static void Triples(Strided a, float* panel, float* c, int rows, nint stride, int inner, bool adds, ref Ahead ahead)
    {
        nint down = a.Down, along = a.Along, two = 2 * down, three = 3 * down;
        for (var row = 0; row < rows; row += Rows, c += Rows * stride)
        {
            ahead.Step();
            float* factor = a.First + row * down, b = panel;
            T s00 = default, s01 = default, s02 = default, s10 = default, s11 = default, s12 = default;
            T s20 = default, s21 = default, s22 = default, s30 = default, s31 = default, s32 = default;
            for (var k = 0; k < inner; k++)
            {
                T b0 = T.Load(b), b1 = T.Load(b + T.Lanes), b2 = T.Load(b + 2 * T.Lanes);
                b += stride;
                var wide = T.Create(*factor);
                (s00, s01, s02) = (T.MultiplyAdd(wide, b0, s00), T.MultiplyAdd(wide, b1, s01), T.MultiplyAdd(wide, b2, s02));
                wide = T.Create(factor[down]);
                (s10, s11, s12) = (T.MultiplyAdd(wide, b0, s10), T.MultiplyAdd(wide, b1, s11), T.MultiplyAdd(wide, b2, s12));
                wide = T.Create(factor[two]);
                (s20, s21, s22) = (T.MultiplyAdd(wide, b0, s20), T.MultiplyAdd(wide, b1, s21), T.MultiplyAdd(wide, b2, s22));
                wide = T.Create(factor[three]);
                (s30, s31, s32) = (T.MultiplyAdd(wide, b0, s30), T.MultiplyAdd(wide, b1, s31), T.MultiplyAdd(wide, b2, s32));
                factor += along;
            }
            Store(c, s00, s01, adds);
            Store(c + stride, s10, s11, adds);
            Store(c + 2 * stride, s20, s21, adds);
            Store(c + 3 * stride, s30, s31, adds);
            Store(c + 2 * T.Lanes, s02, adds);
            Store(c + stride + 2 * T.Lanes, s12, adds);
            Store(c + 2 * stride + 2 * T.Lanes, s22, adds);
            Store(c + 3 * stride + 2 * T.Lanes, s32, adds);
        }
    }

    [MethodImpl(Simd.Loop)]
    static void Pairs(Strided a, float* panel, float* c, int rows, nint stride, int inner, bool adds, ref Ahead ahead)
    {
        nint down = a.Down, along = a.Along, two = 2 * down, three = 3 * down;
        for (var row = 0; row < rows; row += Rows, c += Rows * stride)
        {
            ahead.Step();
            float* factor = a.First + row * down, b = panel;
            T s00 = default, s01 = default, s10 = default, s11 = default, s20 = default, s21 = default, s30 = default, s31 = default;
            for (var k = 0; k < inner; k++)
            {
                T b0 = T.Load(b), b1 = T.Load(b + T.Lanes);
                b += stride;
                var wide = T.Create(*factor);
                (s00, s01) = (T.MultiplyAdd(wide, b0, s00), T.MultiplyAdd(wide, b1, s01));
                wide = T.Create(factor[down]);
                (s10, s11) = (T.MultiplyAdd(wide, b0, s10), T.MultiplyAdd(wide, b1, s11));
                wide = T.Create(factor[two]);
                (s20, s21) = (T.MultiplyAdd(wide, b0, s20), T.MultiplyAdd(wide, b1, s21));
                wide = T.Create(factor[three]);
                (s30, s31) = (T.MultiplyAdd(wide, b0, s30), T.MultiplyAdd(wide, b1, s31));
                factor += along;
            }
            Store(c, s00, s01, adds);
            Store(c + stride, s10, s11, adds);
            Store(c + 2 * stride, s20, s21, adds);
            Store(c + 3 * stride, s30, s31, adds);
        }
    }

    [MethodImpl(Simd.Loop)]
    static void Singles(Strided a, float* panel, float* c, int rows, nint stride, int inner, bool adds, ref Ahead ahead)
    {
        nint down = a.Down, along = a.Along, two = 2 * down, three = 3 * down;
        for (var row = 0; row < rows; row += Rows, c += Rows * stride)
        {
            ahead.Step();
            float* factor = a.First + row * down, b = panel;
            T s0 = default, s1 = default, s2 = default, s3 = default;
            for (var k = 0; k < inner; k++)
            {
                var values = T.Load(b);
                b += stride;
                s0 = T.MultiplyAdd(T.Create(*factor), values, s0);
                s1 = T.MultiplyAdd(T.Create(factor[down]), values, s1);
                s2 = T.MultiplyAdd(T.Create(factor[two]), values, s2);
                s3 = T.MultiplyAdd(T.Create(factor[three]), values, s3);
                factor += along;
            }
            Store(c, s0, adds);
            Store(c + stride, s1, adds);
            Store(c + 2 * stride, s2, adds);
            Store(c + 3 * stride, s3, adds);
        }
    }

    [MethodImpl(Simd.Inline)]
    static void Store(float* c, T first, T second, bool adds)
    {
        Store(c, first, adds);
        Store(c + T.Lanes, second, adds);
    }

    [MethodImpl(Simd.Inline)]
    static void Store(float* c, T sum, bool adds)
    {
        if (adds) sum += T.Load(c);
        sum.Store(c);
    }
}

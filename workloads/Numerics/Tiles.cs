namespace MlPerfEdu.Numerics;

/// <summary>A number at [row, column] lies at row·Down + column·Along, so that a matrix can be read as its transpose.</summary>
readonly unsafe struct Strided(float* first, nint down, nint along = 1)
{
    public float* First => first;

    public nint Down => down;

    public nint Along => along;

    public Strided Transposed => new(First, Along, Down);

    public Strided At(nint row, nint column) => new(First + row * Down + column * Along, Down, Along);
}

/// <summary>Products of matrices that fit into a cache, in tiles of four rows by three vectors that stay in registers.</summary>
static unsafe class Tiles<T>
    where T : struct, IWide<T>
{
    public const int Rows = 4;

    /// <summary>c = start + a·b, or c += that, with a number of <paramref name="start"/> for each row, or none.</summary>
    /// <param name="b">Rows without gaps between their numbers, as <paramref name="c"/> has.</param>
    /// <param name="columns">A multiple of a vector's lanes.</param>
    public static void Multiply(Strided a, Strided b, Strided c, int rows, int columns, int inner, float* start = null, bool adds = false)
    {
        Ahead nothing = default;
        Multiply(a, b, c, rows, columns, inner, start, adds, ref nothing);
    }

    /// <summary>The same without a start, while something else is fetched.</summary>
    /// <param name="ahead">Takes <see cref="Steps"/> steps.</param>
    public static void Multiply(Strided a, Strided b, Strided c, int rows, int columns, int inner, bool adds, ref Ahead ahead) =>
        Multiply(a, b, c, rows, columns, inner, null, adds, ref ahead);

    /// <summary>Tiles of a product.</summary>
    public static int Steps(int rows, int columns)
    {
        var vectors = columns / T.Lanes;
        return (rows + Rows - 1) / Rows * Math.Max((vectors + 1) / 3, 1);
    }

    static void Multiply(Strided a, Strided b, Strided c, int rows, int columns, int inner, float* start, bool adds, ref Ahead ahead)
    {
        var vectors = columns / T.Lanes;
        // Three vectors at a time; where one would be left over, two and two.
        var (column, inTriples) = (0, vectors % 3 == 1 && vectors > 1 ? vectors / 3 - 1 : vectors / 3);
        for (var i = 0; i < inTriples; i++, column += 3 * T.Lanes) Triples(a, b.At(0, column), c.At(0, column), rows, inner, start, adds, ref ahead);
        for (; column <= columns - 2 * T.Lanes; column += 2 * T.Lanes) Pairs(a, b.At(0, column), c.At(0, column), rows, inner, start, adds, ref ahead);
        if (column < columns) Singles(a, b.At(0, column), c.At(0, column), rows, inner, start, adds, ref ahead);
    }

    [MethodImpl(Simd.Loop)]
    static void Triples(Strided a, Strided panel, Strided c, int rows, int inner, float* start, bool adds, ref Ahead ahead)
    {
        nint along = a.Along, stride = panel.Down;
        for (var row = 0; row < rows; row += Rows)
        {
            ahead.Step();
            float* factor = a.First + row * a.Down, b = panel.First;
            var (second, third, fourth) = Offsets(rows - row, a.Down);
            T s00 = Start(start, row, rows), s10 = Start(start, row + 1, rows), s20 = Start(start, row + 2, rows), s30 = Start(start, row + 3, rows);
            T s01 = s00, s02 = s00, s11 = s10, s12 = s10, s21 = s20, s22 = s20, s31 = s30, s32 = s30;
            for (var k = 0; k < inner; k++)
            {
                T b0 = T.Load(b), b1 = T.Load(b + T.Lanes), b2 = T.Load(b + 2 * T.Lanes);
                b += stride;
                var wide = T.Create(*factor);
                (s00, s01, s02) = (T.MultiplyAdd(wide, b0, s00), T.MultiplyAdd(wide, b1, s01), T.MultiplyAdd(wide, b2, s02));
                wide = T.Create(factor[second]);
                (s10, s11, s12) = (T.MultiplyAdd(wide, b0, s10), T.MultiplyAdd(wide, b1, s11), T.MultiplyAdd(wide, b2, s12));
                wide = T.Create(factor[third]);
                (s20, s21, s22) = (T.MultiplyAdd(wide, b0, s20), T.MultiplyAdd(wide, b1, s21), T.MultiplyAdd(wide, b2, s22));
                wide = T.Create(factor[fourth]);
                (s30, s31, s32) = (T.MultiplyAdd(wide, b0, s30), T.MultiplyAdd(wide, b1, s31), T.MultiplyAdd(wide, b2, s32));
                factor += along;
            }
            float* to = c.First + row * c.Down;
            (second, third, fourth) = (c.Down, 2 * c.Down, 3 * c.Down);
            Store(to, s00, s01, s02, adds);
            if (row + 1 < rows) Store(to + second, s10, s11, s12, adds);
            if (row + 2 < rows) Store(to + third, s20, s21, s22, adds);
            if (row + 3 < rows) Store(to + fourth, s30, s31, s32, adds);
        }
    }

    [MethodImpl(Simd.Loop)]
    static void Pairs(Strided a, Strided panel, Strided c, int rows, int inner, float* start, bool adds, ref Ahead ahead)
    {
        nint along = a.Along, stride = panel.Down;
        for (var row = 0; row < rows; row += Rows)
        {
            ahead.Step();
            float* factor = a.First + row * a.Down, b = panel.First;
            var (second, third, fourth) = Offsets(rows - row, a.Down);
            T s00 = Start(start, row, rows), s10 = Start(start, row + 1, rows), s20 = Start(start, row + 2, rows), s30 = Start(start, row + 3, rows);
            T s01 = s00, s11 = s10, s21 = s20, s31 = s30;
            for (var k = 0; k < inner; k++)
            {
                T b0 = T.Load(b), b1 = T.Load(b + T.Lanes);
                b += stride;
                var wide = T.Create(*factor);
                (s00, s01) = (T.MultiplyAdd(wide, b0, s00), T.MultiplyAdd(wide, b1, s01));
                wide = T.Create(factor[second]);
                (s10, s11) = (T.MultiplyAdd(wide, b0, s10), T.MultiplyAdd(wide, b1, s11));
                wide = T.Create(factor[third]);
                (s20, s21) = (T.MultiplyAdd(wide, b0, s20), T.MultiplyAdd(wide, b1, s21));
                wide = T.Create(factor[fourth]);
                (s30, s31) = (T.MultiplyAdd(wide, b0, s30), T.MultiplyAdd(wide, b1, s31));
                factor += along;
            }
            float* to = c.First + row * c.Down;
            (second, third, fourth) = (c.Down, 2 * c.Down, 3 * c.Down);
            Store(to, s00, s01, adds);
            if (row + 1 < rows) Store(to + second, s10, s11, adds);
            if (row + 2 < rows) Store(to + third, s20, s21, adds);
            if (row + 3 < rows) Store(to + fourth, s30, s31, adds);
        }
    }

    [MethodImpl(Simd.Loop)]
    static void Singles(Strided a, Strided panel, Strided c, int rows, int inner, float* start, bool adds, ref Ahead ahead)
    {
        nint along = a.Along, stride = panel.Down;
        for (var row = 0; row < rows; row += Rows)
        {
            ahead.Step();
            float* factor = a.First + row * a.Down, b = panel.First;
            var (second, third, fourth) = Offsets(rows - row, a.Down);
            T s0 = Start(start, row, rows), s1 = Start(start, row + 1, rows), s2 = Start(start, row + 2, rows), s3 = Start(start, row + 3, rows);
            for (var k = 0; k < inner; k++)
            {
                var values = T.Load(b);
                b += stride;
                s0 = T.MultiplyAdd(T.Create(*factor), values, s0);
                s1 = T.MultiplyAdd(T.Create(factor[second]), values, s1);
                s2 = T.MultiplyAdd(T.Create(factor[third]), values, s2);
                s3 = T.MultiplyAdd(T.Create(factor[fourth]), values, s3);
                factor += along;
            }
            float* to = c.First + row * c.Down;
            (second, third, fourth) = (c.Down, 2 * c.Down, 3 * c.Down);
            Store(to, s0, adds);
            if (row + 1 < rows) Store(to + second, s1, adds);
            if (row + 2 < rows) Store(to + third, s2, adds);
            if (row + 3 < rows) Store(to + fourth, s3, adds);
        }
    }

    // Of the second to fourth row from the first. What is missing of the last four is the last one once more, and is not stored.
    [MethodImpl(Simd.Inline)]
    static (nint, nint, nint) Offsets(int rows, nint down) =>
        rows >= Rows ? (down, 2 * down, 3 * down) : (Math.Min(1, rows - 1) * down, Math.Min(2, rows - 1) * down, (rows - 1) * down);

    [MethodImpl(Simd.Inline)]
    static T Start(float* start, int row, int rows) => start is null ? default : T.Create(start[Math.Min(row, rows - 1)]);

    [MethodImpl(Simd.Inline)]
    static void Store(float* c, T first, T second, T third, bool adds)
    {
        Store(c, first, second, adds);
        Store(c + 2 * T.Lanes, third, adds);
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

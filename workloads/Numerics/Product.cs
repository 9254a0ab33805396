namespace MlPerfEdu.Numerics;

/// <summary>Products of row-major matrices that fit into a cache: y = added + scale · x (rows, inner) · b (inner, columns).</summary>
static class Product
{
    /// <summary>y = x·b, one element after the other; the oracle of the fast form.</summary>
    public static void Plain(ReadOnlySpan<float> x, ReadOnlySpan<float> b, Span<float> y, int rows, int inner, int columns)
    {
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                var sum = 0f;
                for (var k = 0; k < inner; k++)
                    sum += x[row * inner + k] * b[k * columns + column];
                y[row * columns + column] = sum;
            }
        }
    }

    /// <summary>y = x·b</summary>
    public static void Into(ReadOnlySpan<float> x, ReadOnlySpan<float> b, Span<float> y, int rows, int inner, int columns)
    {
        y.Clear();
        Add(x, b, y, 1, y, rows, inner, columns);
    }

    /// <summary>y = added + scale · x·b</summary>
    /// <param name="added">(rows, columns), may be y itself.</param>
    public static void Add(
        ReadOnlySpan<float> x, ReadOnlySpan<float> b, ReadOnlySpan<float> added, float scale, Span<float> y,
        int rows, int inner, int columns)
    {
        // Unchecked access follows: the sizes are what makes it safe.
        if (x.Length != rows * inner || b.Length != inner * columns || added.Length != rows * columns || y.Length != added.Length)
            throw new ArgumentException("Lengths and sizes disagree.", nameof(x));
        if (Simd.Is512) new ProductTiles<Wide512>(x, b, added, scale, y, inner, columns).Fill(rows);
        else new ProductTiles<Wide256>(x, b, added, scale, y, inner, columns).Fill(rows);
    }
}

/// <summary>A product tile by tile of y, whose at most twelve sums stay in registers while b passes by.</summary>
readonly ref struct ProductTiles<T> where T : struct, IWide<T>
{
    const int RowsOfTile = 4;
    const int RowsOfTall = 8;
    const int VectorsOfRow = 8;
    const int MostInFirstLevel = 4096;

    readonly ref float x;
    readonly ref float b;
    readonly ref float added;
    readonly ref float y;
    readonly float scale;
    readonly int inner;
    readonly int columns;

    public ProductTiles(ReadOnlySpan<float> x, ReadOnlySpan<float> b, ReadOnlySpan<float> added, float scale, Span<float> y, int inner, int columns)
    {
        this.x = ref MemoryMarshal.GetReference(x);
        this.b = ref MemoryMarshal.GetReference(b);
        this.added = ref MemoryMarshal.GetReference(added);
        this.y = ref MemoryMarshal.GetReference(y);
        (this.scale, this.inner, this.columns) = (scale, inner, columns);
    }

    public void Fill(int rows)
    {
        var row = rows / RowsOfTile * RowsOfTile;
        // b passes by for four rows at a time if it stays in the first-level cache: then y is written row after row.
        if (inner * columns <= MostInFirstLevel && columns >= 2 * T.Lanes)
        {
            for (var first = 0; first < row; first += RowsOfTile)
                FillRows(first, first + RowsOfTile);
        }
        else
            FillRows(0, row);
        for (; row < rows; row++)
            FillRow(row);
    }

    // Tiles of three vectors and of two lie side by side, so that only a matrix of one vector has tiles of one.
    void FillRows(int first, int end)
    {
        var (vectors, groups) = (columns / T.Lanes, (end - first) / RowsOfTile);
        var pairs = vectors == 1 ? 0 : (3 - vectors % 3) % 3;
        var (triples, column) = ((vectors - 2 * pairs) / 3, 0);
        if (groups == 1)
        {
            Triples(first, 0, triples, 0, 3 * T.Lanes);
            column = 3 * T.Lanes * triples;
        }
        else
        {
            for (; triples > 0; triples--, column += 3 * T.Lanes)
                Triples(first, column, groups, RowsOfTile, 0);
        }
        for (; pairs > 0; pairs--, column += 2 * T.Lanes)
            Pairs(first, column, groups);
        var tall = vectors == 1 ? first + (end - first) / RowsOfTall * RowsOfTall : first;
        for (var row = first; row < tall; row += RowsOfTall)
            Tall(row);
        for (var row = first; row < end; row++)
            Rest(row, row < tall ? T.Lanes : column);
    }

    void FillRow(int row)
    {
        var column = 0;
        for (; column + VectorsOfRow * T.Lanes <= columns; column += VectorsOfRow * T.Lanes)
            OneRow(row, column);
        Rest(row, column);
    }

    // What is left over of a row.
    void Rest(int row, int column)
    {
        var width = columns - column;
        if (width == 0)
            return;
        ref var y = ref Unsafe.Add(ref this.y, row * columns + column);
        ref var added = ref Unsafe.Add(ref this.added, row * columns + column);
        MemoryMarshal.CreateReadOnlySpan(ref added, width).CopyTo(MemoryMarshal.CreateSpan(ref y, width));
        for (var k = 0; k < inner; k++)
            Loops<T>.AddScaled(ref y, ref Unsafe.Add(ref b, k * columns + column), scale * Unsafe.Add(ref x, row * inner + k), width);
    }

    // 1 x 8
    [MethodImpl(Simd.Loop)]
    void OneRow(int row, int column)
    {
        ref var factors = ref Unsafe.Add(ref x, row * inner);
        ref var panel = ref Unsafe.Add(ref b, column);
        T s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default, s6 = default, s7 = default;
        for (var k = 0; k < inner; k++)
        {
            var factor = T.Create(Unsafe.Add(ref factors, k));
            s0 = T.MultiplyAdd(factor, T.Load(ref panel, 0), s0);
            s1 = T.MultiplyAdd(factor, T.Load(ref panel, T.Lanes), s1);
            s2 = T.MultiplyAdd(factor, T.Load(ref panel, 2 * T.Lanes), s2);
            s3 = T.MultiplyAdd(factor, T.Load(ref panel, 3 * T.Lanes), s3);
            s4 = T.MultiplyAdd(factor, T.Load(ref panel, 4 * T.Lanes), s4);
            s5 = T.MultiplyAdd(factor, T.Load(ref panel, 5 * T.Lanes), s5);
            s6 = T.MultiplyAdd(factor, T.Load(ref panel, 6 * T.Lanes), s6);
            s7 = T.MultiplyAdd(factor, T.Load(ref panel, 7 * T.Lanes), s7);
            panel = ref Unsafe.Add(ref panel, columns);
        }
        Store(s0, s1, s2, row, column);
        Store(s3, s4, s5, row, column + 3 * T.Lanes);
        Store(s6, s7, row, column + 6 * T.Lanes);
    }

    // Tiles of four rows by three vectors, one after the other.
    [MethodImpl(Simd.Loop)]
    void Triples(int row, int column, int count, int nextRow, int nextColumn)
    {
        nint inner = this.inner, columns = this.columns;
        for (; count > 0; count--, row += nextRow, column += nextColumn)
        {
            ref var factor = ref Unsafe.Add(ref x, row * this.inner);
            ref var panel = ref Unsafe.Add(ref b, column);
            T s00 = default, s01 = default, s02 = default, s10 = default, s11 = default, s12 = default;
            T s20 = default, s21 = default, s22 = default, s30 = default, s31 = default, s32 = default;
            for (var k = 0; k < inner; k++)
            {
                T b0 = T.Load(ref panel, 0), b1 = T.Load(ref panel, T.Lanes), b2 = T.Load(ref panel, 2 * T.Lanes);
                panel = ref Unsafe.Add(ref panel, columns);
                var wide = T.Create(factor);
                (s00, s01, s02) = (T.MultiplyAdd(wide, b0, s00), T.MultiplyAdd(wide, b1, s01), T.MultiplyAdd(wide, b2, s02));
                wide = T.Create(Unsafe.Add(ref factor, inner));
                (s10, s11, s12) = (T.MultiplyAdd(wide, b0, s10), T.MultiplyAdd(wide, b1, s11), T.MultiplyAdd(wide, b2, s12));
                wide = T.Create(Unsafe.Add(ref factor, 2 * inner));
                (s20, s21, s22) = (T.MultiplyAdd(wide, b0, s20), T.MultiplyAdd(wide, b1, s21), T.MultiplyAdd(wide, b2, s22));
                wide = T.Create(Unsafe.Add(ref factor, 3 * inner));
                (s30, s31, s32) = (T.MultiplyAdd(wide, b0, s30), T.MultiplyAdd(wide, b1, s31), T.MultiplyAdd(wide, b2, s32));
                factor = ref Unsafe.Add(ref factor, 1);
            }
            Store(s00, s01, s02, row, column);
            Store(s10, s11, s12, row + 1, column);
            Store(s20, s21, s22, row + 2, column);
            Store(s30, s31, s32, row + 3, column);
        }
    }

    // Tiles of four rows by two vectors, one below the other.
    [MethodImpl(Simd.Loop)]
    void Pairs(int row, int column, int count)
    {
        nint inner = this.inner, columns = this.columns;
        for (; count > 0; count--, row += RowsOfTile)
        {
            ref var factor = ref Unsafe.Add(ref x, row * this.inner);
            ref var panel = ref Unsafe.Add(ref b, column);
            T s00 = default, s01 = default, s10 = default, s11 = default, s20 = default, s21 = default, s30 = default, s31 = default;
            for (var k = 0; k < inner; k++)
            {
                T b0 = T.Load(ref panel, 0), b1 = T.Load(ref panel, T.Lanes);
                panel = ref Unsafe.Add(ref panel, columns);
                var wide = T.Create(factor);
                (s00, s01) = (T.MultiplyAdd(wide, b0, s00), T.MultiplyAdd(wide, b1, s01));
                wide = T.Create(Unsafe.Add(ref factor, inner));
                (s10, s11) = (T.MultiplyAdd(wide, b0, s10), T.MultiplyAdd(wide, b1, s11));
                wide = T.Create(Unsafe.Add(ref factor, 2 * inner));
                (s20, s21) = (T.MultiplyAdd(wide, b0, s20), T.MultiplyAdd(wide, b1, s21));
                wide = T.Create(Unsafe.Add(ref factor, 3 * inner));
                (s30, s31) = (T.MultiplyAdd(wide, b0, s30), T.MultiplyAdd(wide, b1, s31));
                factor = ref Unsafe.Add(ref factor, 1);
            }
            Store(s00, s01, row, column);
            Store(s10, s11, row + 1, column);
            Store(s20, s21, row + 2, column);
            Store(s30, s31, row + 3, column);
        }
    }

    // A tile of eight rows by the first vector.
    [MethodImpl(Simd.Loop)]
    void Tall(int row)
    {
        ref var factor = ref Unsafe.Add(ref x, row * inner);
        ref var panel = ref b;
        T s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default, s6 = default, s7 = default;
        for (var k = 0; k < inner; k++)
        {
            var values = T.Load(ref panel, 0);
            panel = ref Unsafe.Add(ref panel, columns);
            s0 = T.MultiplyAdd(T.Create(factor), values, s0);
            s1 = T.MultiplyAdd(T.Create(Unsafe.Add(ref factor, inner)), values, s1);
            s2 = T.MultiplyAdd(T.Create(Unsafe.Add(ref factor, 2 * inner)), values, s2);
            s3 = T.MultiplyAdd(T.Create(Unsafe.Add(ref factor, 3 * inner)), values, s3);
            s4 = T.MultiplyAdd(T.Create(Unsafe.Add(ref factor, 4 * inner)), values, s4);
            s5 = T.MultiplyAdd(T.Create(Unsafe.Add(ref factor, 5 * inner)), values, s5);
            s6 = T.MultiplyAdd(T.Create(Unsafe.Add(ref factor, 6 * inner)), values, s6);
            s7 = T.MultiplyAdd(T.Create(Unsafe.Add(ref factor, 7 * inner)), values, s7);
            factor = ref Unsafe.Add(ref factor, 1);
        }
        Store(s0, row, 0);
        Store(s1, row + 1, 0);
        Store(s2, row + 2, 0);
        Store(s3, row + 3, 0);
        Store(s4, row + 4, 0);
        Store(s5, row + 5, 0);
        Store(s6, row + 6, 0);
        Store(s7, row + 7, 0);
    }

    // All are read before one is written: a read whose address ends like that of a recent write waits for it.
    [MethodImpl(Simd.Inline)]
    void Store(T s0, T s1, T s2, int row, int column)
    {
        var (at, scale) = (row * columns + column, T.Create(this.scale));
        s0 = T.MultiplyAdd(s0, scale, T.Load(ref added, at));
        s1 = T.MultiplyAdd(s1, scale, T.Load(ref added, at + T.Lanes));
        s2 = T.MultiplyAdd(s2, scale, T.Load(ref added, at + 2 * T.Lanes));
        s0.Store(ref y, at);
        s1.Store(ref y, at + T.Lanes);
        s2.Store(ref y, at + 2 * T.Lanes);
    }

    [MethodImpl(Simd.Inline)]
    void Store(T s0, T s1, int row, int column)
    {
        var (at, scale) = (row * columns + column, T.Create(this.scale));
        s0 = T.MultiplyAdd(s0, scale, T.Load(ref added, at));
        s1 = T.MultiplyAdd(s1, scale, T.Load(ref added, at + T.Lanes));
        s0.Store(ref y, at);
        s1.Store(ref y, at + T.Lanes);
    }

    [MethodImpl(Simd.Inline)]
    void Store(T sum, int row, int column)
    {
        var at = row * columns + column;
        T.MultiplyAdd(sum, T.Create(scale), T.Load(ref added, at)).Store(ref y, at);
    }
}

namespace MlPerfEdu.Numerics;

/// <summary>Products of four rows by three vectors, whose sums stay in registers.</summary>
static unsafe class LayerTiles<T>
    where T : struct, IWide<T>
{
    public const int Rows = 4;

    /// <summary>c[r, n] = start[r] + Σ a[r·down + k·along]·b[k, n], with columns a multiple of a vector.</summary>
    /// <param name="start">Absent for zeros.</param>
    public static void Multiply(
        float* a, nint down, nint along, float* b, nint stride, float* start, float* c, nint toStride, int rows, int columns, int inner)
    {
        var vectors = columns / T.Lanes;
        var pairs = vectors == 1 ? 0 : (3 - vectors % 3) % 3;
        var (lastTriple, last) = (columns - (vectors == 1 ? 1 : 2 * pairs) * T.Lanes, rows - 1);
        for (var row = 0; row < rows; row += Rows)
        {
            // What is missing of the last four rows is the last row once more.
            nint second = Math.Min(row + 1, last), third = Math.Min(row + 2, last), fourth = Math.Min(row + 3, last);
            var from = new FourRows(a + row * down, a + second * down, a + third * down, a + fourth * down);
            var to = new FourRows(c + row * toStride, c + second * toStride, c + third * toStride, c + fourth * toStride);
            var begin = start is null ? default : Vector128.Create(start[row], start[second], start[third], start[fourth]);
            nint column = 0;
            for (; column < lastTriple; column += 3 * T.Lanes) Three(from, along, b + column, stride, begin, to, column, inner);
            for (; column <= columns - 2 * T.Lanes; column += 2 * T.Lanes) Two(from, along, b + column, stride, begin, to, column, inner);
            if (column < columns) One(from, along, b + column, stride, begin, to, column, inner);
        }
    }

    readonly struct FourRows(float* first, float* second, float* third, float* fourth)
    {
        public readonly float* First = first, Second = second, Third = third, Fourth = fourth;
    }

    [MethodImpl(Simd.Loop)]
    static void Three(in FourRows a, nint along, float* b, nint stride, Vector128<float> start, in FourRows c, nint column, int inner)
    {
        float* a0 = a.First, a1 = a.Second, a2 = a.Third, a3 = a.Fourth;
        T c00 = T.Create(start[0]), c10 = T.Create(start[1]), c20 = T.Create(start[2]), c30 = T.Create(start[3]);
        T c01 = c00, c02 = c00, c11 = c10, c12 = c10, c21 = c20, c22 = c20, c31 = c30, c32 = c30;
        for (var k = 0; k < inner; k++)
        {
            T b0 = T.Load(b), b1 = T.Load(b + T.Lanes), b2 = T.Load(b + 2 * T.Lanes);
            var factor = T.Create(*a0);
            (c00, c01, c02) = (T.MultiplyAdd(factor, b0, c00), T.MultiplyAdd(factor, b1, c01), T.MultiplyAdd(factor, b2, c02));
            factor = T.Create(*a1);
            (c10, c11, c12) = (T.MultiplyAdd(factor, b0, c10), T.MultiplyAdd(factor, b1, c11), T.MultiplyAdd(factor, b2, c12));
            factor = T.Create(*a2);
            (c20, c21, c22) = (T.MultiplyAdd(factor, b0, c20), T.MultiplyAdd(factor, b1, c21), T.MultiplyAdd(factor, b2, c22));
            factor = T.Create(*a3);
            (c30, c31, c32) = (T.MultiplyAdd(factor, b0, c30), T.MultiplyAdd(factor, b1, c31), T.MultiplyAdd(factor, b2, c32));
            a0 += along;
            a1 += along;
            a2 += along;
            a3 += along;
            b += stride;
        }

        Store(c.First + column, c00, c01, c02);
        Store(c.Second + column, c10, c11, c12);
        Store(c.Third + column, c20, c21, c22);
        Store(c.Fourth + column, c30, c31, c32);
    }

    [MethodImpl(Simd.Loop)]
    static void Two(in FourRows a, nint along, float* b, nint stride, Vector128<float> start, in FourRows c, nint column, int inner)
    {
        float* a0 = a.First, a1 = a.Second, a2 = a.Third, a3 = a.Fourth;
        T c00 = T.Create(start[0]), c10 = T.Create(start[1]), c20 = T.Create(start[2]), c30 = T.Create(start[3]);
        T c01 = c00, c11 = c10, c21 = c20, c31 = c30;
        for (var k = 0; k < inner; k++)
        {
            T b0 = T.Load(b), b1 = T.Load(b + T.Lanes);
            var factor = T.Create(*a0);
            (c00, c01) = (T.MultiplyAdd(factor, b0, c00), T.MultiplyAdd(factor, b1, c01));
            factor = T.Create(*a1);
            (c10, c11) = (T.MultiplyAdd(factor, b0, c10), T.MultiplyAdd(factor, b1, c11));
            factor = T.Create(*a2);
            (c20, c21) = (T.MultiplyAdd(factor, b0, c20), T.MultiplyAdd(factor, b1, c21));
            factor = T.Create(*a3);
            (c30, c31) = (T.MultiplyAdd(factor, b0, c30), T.MultiplyAdd(factor, b1, c31));
            a0 += along;
            a1 += along;
            a2 += along;
            a3 += along;
            b += stride;
        }

        Store(c.First + column, c00, c01);
        Store(c.Second + column, c10, c11);
        Store(c.Third + column, c20, c21);
        Store(c.Fourth + column, c30, c31);
    }

    [MethodImpl(Simd.Loop)]
    static void One(in FourRows a, nint along, float* b, nint stride, Vector128<float> start, in FourRows c, nint column, int inner)
    {
        float* a0 = a.First, a1 = a.Second, a2 = a.Third, a3 = a.Fourth;
        T c0 = T.Create(start[0]), c1 = T.Create(start[1]), c2 = T.Create(start[2]), c3 = T.Create(start[3]);
        for (var k = 0; k < inner; k++)
        {
            var values = T.Load(b);
            (c0, c1) = (T.MultiplyAdd(T.Create(*a0), values, c0), T.MultiplyAdd(T.Create(*a1), values, c1));
            (c2, c3) = (T.MultiplyAdd(T.Create(*a2), values, c2), T.MultiplyAdd(T.Create(*a3), values, c3));
            a0 += along;
            a1 += along;
            a2 += along;
            a3 += along;
            b += stride;
        }

        c0.Store(c.First + column);
        c1.Store(c.Second + column);
        c2.Store(c.Third + column);
        c3.Store(c.Fourth + column);
    }

    [MethodImpl(Simd.Inline)]
    static void Store(float* to, T first, T second, T third)
    {
        Store(to, first, second);
        third.Store(to + 2 * T.Lanes);
    }

    [MethodImpl(Simd.Inline)]
    static void Store(float* to, T first, T second)
    {
        first.Store(to);
        second.Store(to + T.Lanes);
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MlPerfEdu.Serving.Numerics;

/// <summary>Products of row-major matrices that fit into a cache: y = added + scale · x (rows, inner) · b (inner, columns).</summary>
readonly ref struct Product
{
    const int Lanes = 16;
    const int Panel = 4 * Lanes;
    const int MostInFirstLevel = 4096;

    readonly ref float _x;
    readonly ref float _b;
    readonly ref float _added;
    readonly ref float _y;
    readonly float _scale;
    readonly int _inner;
    readonly int _columns;

    Product(
        ReadOnlySpan<float> x, ReadOnlySpan<float> b, ReadOnlySpan<float> added, float scale, Span<float> y,
        int rows, int inner, int columns)
    {
        // Unchecked access follows: the sizes are what makes it safe.
        if (x.Length != rows * inner || b.Length != inner * columns || added.Length != rows * columns || y.Length != added.Length)
            throw new ArgumentException("Lengths and sizes disagree.", nameof(x));
        _x = ref MemoryMarshal.GetReference(x);
        _b = ref MemoryMarshal.GetReference(b);
        _added = ref MemoryMarshal.GetReference(added);
        _y = ref MemoryMarshal.GetReference(y);
        (_scale, _inner, _columns) = (scale, inner, columns);
    }

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

    /// <summary>y = added + scale · x·b. Sums of a tile of y stay in registers while b passes by.</summary>
    /// <param name="added">(rows, columns), may be y itself.</param>
    public static void Add(
        ReadOnlySpan<float> x, ReadOnlySpan<float> b, ReadOnlySpan<float> added, float scale, Span<float> y,
        int rows, int inner, int columns)
    {
        var product = new Product(x, b, added, scale, y, rows, inner, columns);
        // What b has to pass by for a few rows of y stays in the first-level cache if it is small; then y is written row after row.
        var part = b.Length <= MostInFirstLevel ? 4 : rows;
        for (var row = 0; row < rows; row += part)
            product.Panels(row, Math.Min(row + part, rows));
        var column = columns / Panel * Panel;
        for (; column + Lanes <= columns; column += Lanes)
        {
            var row = 0;
            for (; row + 8 <= rows; row += 8)
                product.EightRows(row, column);
            product.Rest(row, rows, column, Lanes);
        }
        product.Rest(0, rows, column, columns - column);
    }

    void Panels(int first, int end)
    {
        for (var column = 0; column + Panel <= _columns; column += Panel)
        {
            var row = first;
            for (; row + 4 <= end; row += 4)
                FourRows(row, column);
            for (; row < end; row++)
                OneRow(row, column);
        }
    }

    // What is left over at the edges.
    void Rest(int row, int rows, int column, int width)
    {
        for (; row < rows && width > 0; row++)
        {
            ref var y = ref Unsafe.Add(ref _y, row * _columns + column);
            ref var added = ref Unsafe.Add(ref _added, row * _columns + column);
            MemoryMarshal.CreateReadOnlySpan(ref added, width).CopyTo(MemoryMarshal.CreateSpan(ref y, width));
            for (var k = 0; k < _inner; k++)
                Simd.AddScaled(ref y, ref Unsafe.Add(ref _b, k * _columns + column), _scale * Unsafe.Add(ref _x, row * _inner + k), width);
        }
    }

    [MethodImpl(Simd.Loop)]
    void OneRow(int row, int column)
    {
        ref var factors = ref Unsafe.Add(ref _x, row * _inner);
        ref var panel = ref Unsafe.Add(ref _b, column);
        Vector512<float> s0 = default, s1 = default, s2 = default, s3 = default;
        for (var k = 0; k < _inner; k++)
        {
            var factor = Vector512.Create(Unsafe.Add(ref factors, k));
            s0 = Vector512.FusedMultiplyAdd(factor, Vector512.LoadUnsafe(ref panel), s0);
            s1 = Vector512.FusedMultiplyAdd(factor, Vector512.LoadUnsafe(ref panel, Lanes), s1);
            s2 = Vector512.FusedMultiplyAdd(factor, Vector512.LoadUnsafe(ref panel, 2 * Lanes), s2);
            s3 = Vector512.FusedMultiplyAdd(factor, Vector512.LoadUnsafe(ref panel, 3 * Lanes), s3);
            panel = ref Unsafe.Add(ref panel, _columns);
        }
        StorePanel(s0, s1, s2, s3, row, column);
    }

    [MethodImpl(Simd.Loop)]
    void FourRows(int row, int column)
    {
        ref var factors = ref Unsafe.Add(ref _x, row * _inner);
        ref var panel = ref Unsafe.Add(ref _b, column);
        Vector512<float> s00 = default, s01 = default, s02 = default, s03 = default;
        Vector512<float> s10 = default, s11 = default, s12 = default, s13 = default;
        Vector512<float> s20 = default, s21 = default, s22 = default, s23 = default;
        Vector512<float> s30 = default, s31 = default, s32 = default, s33 = default;
        for (var k = 0; k < _inner; k++)
        {
            var b0 = Vector512.LoadUnsafe(ref panel);
            var b1 = Vector512.LoadUnsafe(ref panel, Lanes);
            var b2 = Vector512.LoadUnsafe(ref panel, 2 * Lanes);
            var b3 = Vector512.LoadUnsafe(ref panel, 3 * Lanes);
            panel = ref Unsafe.Add(ref panel, _columns);
            var factor = Vector512.Create(Unsafe.Add(ref factors, k));
            (s00, s01) = (Vector512.FusedMultiplyAdd(factor, b0, s00), Vector512.FusedMultiplyAdd(factor, b1, s01));
            (s02, s03) = (Vector512.FusedMultiplyAdd(factor, b2, s02), Vector512.FusedMultiplyAdd(factor, b3, s03));
            factor = Vector512.Create(Unsafe.Add(ref factors, _inner + k));
            (s10, s11) = (Vector512.FusedMultiplyAdd(factor, b0, s10), Vector512.FusedMultiplyAdd(factor, b1, s11));
            (s12, s13) = (Vector512.FusedMultiplyAdd(factor, b2, s12), Vector512.FusedMultiplyAdd(factor, b3, s13));
            factor = Vector512.Create(Unsafe.Add(ref factors, 2 * _inner + k));
            (s20, s21) = (Vector512.FusedMultiplyAdd(factor, b0, s20), Vector512.FusedMultiplyAdd(factor, b1, s21));
            (s22, s23) = (Vector512.FusedMultiplyAdd(factor, b2, s22), Vector512.FusedMultiplyAdd(factor, b3, s23));
            factor = Vector512.Create(Unsafe.Add(ref factors, 3 * _inner + k));
            (s30, s31) = (Vector512.FusedMultiplyAdd(factor, b0, s30), Vector512.FusedMultiplyAdd(factor, b1, s31));
            (s32, s33) = (Vector512.FusedMultiplyAdd(factor, b2, s32), Vector512.FusedMultiplyAdd(factor, b3, s33));
        }
        StorePanel(s00, s01, s02, s03, row, column);
        StorePanel(s10, s11, s12, s13, row + 1, column);
        StorePanel(s20, s21, s22, s23, row + 2, column);
        StorePanel(s30, s31, s32, s33, row + 3, column);
    }

    [MethodImpl(Simd.Loop)]
    void EightRows(int row, int column)
    {
        ref var factors = ref Unsafe.Add(ref _x, row * _inner);
        ref var panel = ref Unsafe.Add(ref _b, column);
        Vector512<float> s0 = default, s1 = default, s2 = default, s3 = default;
        Vector512<float> s4 = default, s5 = default, s6 = default, s7 = default;
        for (var k = 0; k < _inner; k++)
        {
            var values = Vector512.LoadUnsafe(ref panel);
            panel = ref Unsafe.Add(ref panel, _columns);
            ref var factor = ref Unsafe.Add(ref factors, k);
            s0 = Vector512.FusedMultiplyAdd(Vector512.Create(factor), values, s0);
            s1 = Vector512.FusedMultiplyAdd(Vector512.Create(Unsafe.Add(ref factor, _inner)), values, s1);
            s2 = Vector512.FusedMultiplyAdd(Vector512.Create(Unsafe.Add(ref factor, 2 * _inner)), values, s2);
            s3 = Vector512.FusedMultiplyAdd(Vector512.Create(Unsafe.Add(ref factor, 3 * _inner)), values, s3);
            s4 = Vector512.FusedMultiplyAdd(Vector512.Create(Unsafe.Add(ref factor, 4 * _inner)), values, s4);
            s5 = Vector512.FusedMultiplyAdd(Vector512.Create(Unsafe.Add(ref factor, 5 * _inner)), values, s5);
            s6 = Vector512.FusedMultiplyAdd(Vector512.Create(Unsafe.Add(ref factor, 6 * _inner)), values, s6);
            s7 = Vector512.FusedMultiplyAdd(Vector512.Create(Unsafe.Add(ref factor, 7 * _inner)), values, s7);
        }
        Store(s0, row, column);
        Store(s1, row + 1, column);
        Store(s2, row + 2, column);
        Store(s3, row + 3, column);
        Store(s4, row + 4, column);
        Store(s5, row + 5, column);
        Store(s6, row + 6, column);
        Store(s7, row + 7, column);
    }

    // All four are read before one is written: a read whose address ends like that of a recent write waits for it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void StorePanel(Vector512<float> s0, Vector512<float> s1, Vector512<float> s2, Vector512<float> s3, int row, int column)
    {
        var scale = Vector512.Create(_scale);
        ref var added = ref Unsafe.Add(ref _added, row * _columns + column);
        ref var y = ref Unsafe.Add(ref _y, row * _columns + column);
        s0 = Vector512.FusedMultiplyAdd(s0, scale, Simd.Load(ref added, 0));
        s1 = Vector512.FusedMultiplyAdd(s1, scale, Simd.Load(ref added, Lanes));
        s2 = Vector512.FusedMultiplyAdd(s2, scale, Simd.Load(ref added, 2 * Lanes));
        s3 = Vector512.FusedMultiplyAdd(s3, scale, Simd.Load(ref added, 3 * Lanes));
        s0.StoreUnsafe(ref y);
        s1.StoreUnsafe(ref y, Lanes);
        s2.StoreUnsafe(ref y, 2 * Lanes);
        s3.StoreUnsafe(ref y, 3 * Lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void Store(Vector512<float> sum, int row, int column)
    {
        var at = (nuint)(row * _columns + column);
        Vector512.FusedMultiplyAdd(sum, Vector512.Create(_scale), Vector512.LoadUnsafe(ref _added, at)).StoreUnsafe(ref _y, at);
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using MlPerfEdu.Serving.Numerics;

namespace MlPerfEdu.Workloads.Cloud.NanoGpt;

/// <summary>
/// Causal attention of one head, forwards and backwards. Matrices whose rows and columns are not multiples of <see cref="Block"/> are
/// copied into such, zero where nothing was; others are read and written where they lie, among those of the other heads.
/// </summary>
static unsafe class HeadKernels
{
    const int Lanes = 16;

    /// <summary>Four vectors of columns by four rows are summed in registers.</summary>
    const int Block = 4 * Lanes;

    /// <summary>Rows of a product that are summed together.</summary>
    public const int RowsAtOnce = 4;

    /// <summary>Which of the inner positions of a product a row has: one factor is zero elsewhere, because later keys may not be seen.</summary>
    enum Reach
    {
        All,
        UpToRow,
        FromRow,
    }

    /// <summary>A number at [row, column] lies at row·Down + column·Along, so that a matrix can be read as its transpose.</summary>
    readonly struct Matrix(float* first, int down, int along = 1)
    {
        public float* First => first;

        public int Down => down;

        public int Along => along;

        public Matrix Transposed => new(First, Along, Down);
    }

    public static int Filled(int size) => (size + Block - 1) / Block * Block;

    /// <summary>Numbers that one head needs beside its input and output: three matrices of the head, one of scores.</summary>
    public static int Room(HeadShape shape) => 3 * shape.Rows * shape.Columns + shape.Rows * shape.Rows;

    /// <param name="projected">Queries of the first position.</param>
    /// <param name="found">The head's part of the first position's result.</param>
    /// <param name="weights">Receives the probabilities, [rows, rows], zero where a key is later than its query.</param>
    public static void Forward(HeadShape shape, float* projected, float* found, float* weights, float* room)
    {
        var (rows, columns, size, stride) = (shape.Rows, shape.Columns, shape.Rows * shape.Columns, 3 * shape.Width);
        float* first = room, second = room + size, third = room + 2 * size;
        var queries = Filled(shape, projected, stride, first);
        var keys = Transposed(shape, Filled(shape, projected + shape.Width, stride, second), third);
        var probabilities = new Matrix(weights, rows);
        Multiply(queries, keys, probabilities, rows, rows, columns, Reach.All);
        for (var row = 0; row < rows; row++) Softmax(weights + row * rows, row + 1, rows, shape.Scale);

        var values = Filled(shape, projected + 2 * shape.Width, stride, second);
        Multiply(probabilities, values, shape, found, shape.Width, first, Reach.UpToRow);
    }

    /// <param name="weights">The probabilities that <see cref="Forward"/> left.</param>
    /// <param name="gradient">Of the head's part of the first position's result.</param>
    /// <param name="result">Receives the gradients of queries, keys and values.</param>
    public static void Backward(HeadShape shape, float* projected, float* weights, float* gradient, float* result, float* room)
    {
        var (rows, columns, size, stride) = (shape.Rows, shape.Columns, shape.Rows * shape.Columns, 3 * shape.Width);
        float* first = room, second = room + size, third = room + 2 * size, scores = room + 3 * size;
        var probabilities = new Matrix(weights, rows);
        var arrived = Filled(shape, gradient, shape.Width, first);
        Multiply(probabilities.Transposed, arrived, shape, result + 2 * shape.Width, stride, second, Reach.FromRow);

        var values = Transposed(shape, Filled(shape, projected + 2 * shape.Width, stride, second), third);
        var ofScores = new Matrix(scores, rows);
        Multiply(arrived, values, ofScores, rows, rows, columns, Reach.All);
        for (var row = 0; row < rows; row++) SoftmaxGradient(weights + row * rows, scores + row * rows, rows, shape.Scale);

        var keys = Filled(shape, projected + shape.Width, stride, first);
        Multiply(ofScores, keys, shape, result, stride, second, Reach.UpToRow);
        var queries = Filled(shape, projected, stride, first);
        Multiply(ofScores.Transposed, queries, shape, result + shape.Width, stride, second, Reach.FromRow);
    }

    /// <summary>a·b, of which what belongs to the head goes to rows of the given length.</summary>
    static void Multiply(Matrix a, Matrix b, HeadShape shape, float* to, int stride, float* room, Reach reach)
    {
        if (shape.IsFilled)
        {
            Multiply(a, b, new(to, stride), shape.Rows, shape.Columns, shape.Rows, reach);
            return;
        }
        Multiply(a, b, new(room, shape.Columns), shape.Rows, shape.Columns, shape.Rows, reach);
        CopyRows(shape, room, shape.Columns, to, stride);
    }

    /// <summary>c[r, n] = Σ a[r, k]·b[k, n]</summary>
    static void Multiply(Matrix a, Matrix b, Matrix c, int rows, int columns, int inner, Reach reach)
    {
        for (var row = 0; row < rows; row += RowsAtOnce)
        {
            var (first, end) = reach switch
            {
                Reach.UpToRow => (0, row + RowsAtOnce),
                Reach.FromRow => (row, inner),
                _ => (0, inner),
            };
            for (var column = 0; column < columns; column += Block)
            {
                Tile(a.First + row * a.Down + first * a.Along, a.Down, a.Along, b.First + first * b.Down + column, b.Down,
                    c.First + row * c.Down + column, c.Down, end - first);
            }
        }
    }

    [MethodImpl(Simd.Loop)]
    static void Tile(float* a, nint down, nint along, float* b, nint stride, float* c, nint toStride, int inner)
    {
        float* second = a + down, third = second + down, fourth = third + down;
        Vector512<float> c00 = default, c01 = default, c02 = default, c03 = default, c10 = default, c11 = default, c12 = default, c13 = default;
        Vector512<float> c20 = default, c21 = default, c22 = default, c23 = default, c30 = default, c31 = default, c32 = default, c33 = default;
        nint place = 0;
        for (var k = 0; k < inner; k++)
        {
            Vector512<float> b0 = Vector512.Load(b), b1 = Vector512.Load(b + Lanes), b2 = Vector512.Load(b + 2 * Lanes), b3 = Vector512.Load(b + 3 * Lanes);
            var factor = Vector512.Create(a[place]);
            (c00, c01) = (Vector512.FusedMultiplyAdd(factor, b0, c00), Vector512.FusedMultiplyAdd(factor, b1, c01));
            (c02, c03) = (Vector512.FusedMultiplyAdd(factor, b2, c02), Vector512.FusedMultiplyAdd(factor, b3, c03));
            factor = Vector512.Create(second[place]);
            (c10, c11) = (Vector512.FusedMultiplyAdd(factor, b0, c10), Vector512.FusedMultiplyAdd(factor, b1, c11));
            (c12, c13) = (Vector512.FusedMultiplyAdd(factor, b2, c12), Vector512.FusedMultiplyAdd(factor, b3, c13));
            factor = Vector512.Create(third[place]);
            (c20, c21) = (Vector512.FusedMultiplyAdd(factor, b0, c20), Vector512.FusedMultiplyAdd(factor, b1, c21));
            (c22, c23) = (Vector512.FusedMultiplyAdd(factor, b2, c22), Vector512.FusedMultiplyAdd(factor, b3, c23));
            factor = Vector512.Create(fourth[place]);
            (c30, c31) = (Vector512.FusedMultiplyAdd(factor, b0, c30), Vector512.FusedMultiplyAdd(factor, b1, c31));
            (c32, c33) = (Vector512.FusedMultiplyAdd(factor, b2, c32), Vector512.FusedMultiplyAdd(factor, b3, c33));
            place += along;
            b += stride;
        }

        Store(c, c00, c01, c02, c03);
        Store(c + toStride, c10, c11, c12, c13);
        Store(c + 2 * toStride, c20, c21, c22, c23);
        Store(c + 3 * toStride, c30, c31, c32, c33);
    }

    static void Store(float* c, Vector512<float> first, Vector512<float> second, Vector512<float> third, Vector512<float> fourth)
    {
        first.Store(c);
        second.Store(c + Lanes);
        third.Store(c + 2 * Lanes);
        fourth.Store(c + 3 * Lanes);
    }

    /// <summary>Probabilities of the first so many scores, scaled; the others may not be seen and become zero.</summary>
    static void Softmax(float* scores, int seen, int count, float scale)
    {
        // Far below every score, yet no infinity: the difference of two would be no number.
        const float never = -1e30f;
        for (var i = seen; i < count; i++) scores[i] = never;
        var vectors = (seen + Lanes - 1) / Lanes * Lanes;
        var largest = Vector512.Load(scores);
        for (var i = Lanes; i < vectors; i += Lanes) largest = Vector512.Max(largest, Vector512.Load(scores + i));
        var (shift, sharpness, sum) = (Vector512.Create(Simd.LargestLane(largest)), Vector512.Create(scale), Vector512<float>.Zero);
        for (var i = 0; i < vectors; i += Lanes)
        {
            var power = Exponential.Of((Vector512.Load(scores + i) - shift) * sharpness);
            sum += power;
            power.Store(scores + i);
        }

        var factor = Vector512.Create(1 / Vector512.Sum(sum));
        for (var i = 0; i < vectors; i += Lanes) (Vector512.Load(scores + i) * factor).Store(scores + i);
        for (var i = vectors; i < count; i += Lanes) Vector512<float>.Zero.Store(scores + i);
    }

    /// <summary>g ← scale·p·(g − Σ p·g)</summary>
    static void SoftmaxGradient(float* p, float* g, int count, float scale)
    {
        var sum = Vector512<float>.Zero;
        for (var i = 0; i < count; i += Lanes) sum = Vector512.FusedMultiplyAdd(Vector512.Load(p + i), Vector512.Load(g + i), sum);
        var (mean, factor) = (Vector512.Create(Vector512.Sum(sum)), Vector512.Create(scale));
        for (var i = 0; i < count; i += Lanes) (factor * Vector512.Load(p + i) * (Vector512.Load(g + i) - mean)).Store(g + i);
    }

    // [T, d] among rows of the given length → [rows, columns]
    static Matrix Filled(HeadShape shape, float* from, int stride, float* room)
    {
        if (shape.IsFilled) return new(from, stride);
        new Span<float>(room, shape.Rows * shape.Columns).Clear();
        CopyRows(shape, from, stride, room, shape.Columns);
        return new(room, shape.Columns);
    }

    // [rows, columns] → [columns, rows]
    static Matrix Transposed(HeadShape shape, Matrix from, float* room)
    {
        Transposition.Of(from.First, from.Down, shape.Rows, shape.Columns, room, shape.Rows);
        return new(room, shape.Rows);
    }

    static void CopyRows(HeadShape shape, float* from, int fromStride, float* to, int toStride)
    {
        for (var t = 0; t < shape.Positions; t++, from += fromStride, to += toStride)
        {
            var i = 0;
            for (; i <= shape.Head - Lanes; i += Lanes) Vector512.Load(from + i).Store(to + i);
            for (; i < shape.Head; i++) to[i] = from[i];
        }
    }
}

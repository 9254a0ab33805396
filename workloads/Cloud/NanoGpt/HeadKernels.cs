using System.Runtime.Intrinsics;
using MlPerfEdu.Serving.Numerics;

namespace MlPerfEdu.Workloads.Cloud.NanoGpt;

/// <summary>
/// Causal attention of one head, forwards and backwards. Matrices are copied into rows and columns that are multiples of
/// <see cref="Block"/>, zero where nothing was, and stay in the nearest caches from the first product to the last.
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

    public static int Filled(int size) => (size + Block - 1) / Block * Block;

    /// <summary>Numbers that one head needs beside its input and output: three matrices of the head, two of scores.</summary>
    public static int Room(HeadShape shape) => 3 * shape.Rows * shape.Columns + 2 * shape.Rows * shape.Rows;

    /// <param name="projected">Queries of the first position.</param>
    /// <param name="found">The head's part of the first position's result.</param>
    /// <param name="weights">Receives the probabilities, [rows, rows], zero where a key is later than its query.</param>
    public static void Forward(HeadShape shape, float* projected, float* found, float* weights, float* room)
    {
        var (rows, columns, size) = (shape.Rows, shape.Columns, shape.Rows * shape.Columns);
        float* queries = room, keys = room + size, values = room + 2 * size;
        Gather(shape, projected, 3 * shape.Width, queries);
        Transpose(shape, projected + shape.Width, 3 * shape.Width, keys);
        Multiply(queries, columns, 1, keys, rows, weights, rows, columns, Reach.All);
        for (var row = 0; row < rows; row++) Softmax(weights + row * rows, row + 1, rows, shape.Scale);

        Gather(shape, projected + 2 * shape.Width, 3 * shape.Width, values);
        Multiply(weights, rows, 1, values, columns, queries, rows, rows, Reach.UpToRow);
        Scatter(shape, queries, found, shape.Width);
    }

    /// <param name="weights">The probabilities that <see cref="Forward"/> left.</param>
    /// <param name="gradient">Of the head's part of the first position's result.</param>
    /// <param name="result">Receives the gradients of queries, keys and values.</param>
    public static void Backward(HeadShape shape, float* projected, float* weights, float* gradient, float* result, float* room)
    {
        var (rows, columns, size, stride) = (shape.Rows, shape.Columns, shape.Rows * shape.Columns, 3 * shape.Width);
        float* arrived = room, other = room + size, product = room + 2 * size, scores = room + 3 * size;
        Gather(shape, gradient, shape.Width, arrived);
        Multiply(weights, 1, rows, arrived, columns, product, rows, rows, Reach.FromRow);
        Scatter(shape, product, result + 2 * shape.Width, stride);

        Transpose(shape, projected + 2 * shape.Width, stride, other);
        Multiply(arrived, columns, 1, other, rows, scores, rows, columns, Reach.All);
        for (var row = 0; row < rows; row++) SoftmaxGradient(weights + row * rows, scores + row * rows, rows, shape.Scale);

        Gather(shape, projected + shape.Width, stride, other);
        Multiply(scores, rows, 1, other, columns, product, rows, rows, Reach.UpToRow);
        Scatter(shape, product, result, stride);

        Gather(shape, projected, stride, other);
        Multiply(scores, 1, rows, other, columns, product, rows, rows, Reach.FromRow);
        Scatter(shape, product, result + shape.Width, stride);
    }

    /// <summary>c[r, n] = Σ a[r, k]·b[k, n]; a[r, k] lies at r·down + k·along, so a matrix can be read as its transpose.</summary>
    static void Multiply(float* a, int down, int along, float* b, int columns, float* c, int rows, int inner, Reach reach)
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
                Tile(a + row * down + first * along, down, along, b + first * columns + column, columns, c + row * columns + column, end - first);
        }
    }

    static void Tile(float* a, nint down, nint along, float* b, nint stride, float* c, int inner)
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
        Store(c + stride, c10, c11, c12, c13);
        Store(c + 2 * stride, c20, c21, c22, c23);
        Store(c + 3 * stride, c30, c31, c32, c33);
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
        var peak = largest[0];
        for (var lane = 1; lane < Lanes; lane++) peak = Math.Max(peak, largest[lane]);

        var (shift, sharpness, sum) = (Vector512.Create(peak), Vector512.Create(scale), Vector512<float>.Zero);
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
    static void Gather(HeadShape shape, float* from, int stride, float* to)
    {
        Clear(shape, to);
        CopyRows(shape, from, stride, to, shape.Columns);
    }

    // [T, d] → [columns, rows]
    static void Transpose(HeadShape shape, float* from, int stride, float* to)
    {
        Clear(shape, to);
        for (var t = 0; t < shape.Positions; t++)
        {
            for (var i = 0; i < shape.Head; i++) to[i * shape.Rows + t] = from[t * stride + i];
        }
    }

    static void Scatter(HeadShape shape, float* from, float* to, int stride) => CopyRows(shape, from, shape.Columns, to, stride);

    static void Clear(HeadShape shape, float* matrix)
    {
        var size = shape.Rows * shape.Columns;
        if (shape.Positions * shape.Head < size) new Span<float>(matrix, size).Clear();
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

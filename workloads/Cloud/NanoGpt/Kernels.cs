using System.Runtime.CompilerServices;
using MlPerfEdu.Engine.Inference;
using MlPerfEdu.Numerics;
using static TorchSharp.torch.autograd;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Cloud.NanoGpt;

/// <summary>
/// Causal attention (Vaswani et al., 2017) of all heads of all samples, straight from queries, keys and values as one product leaves them.
/// libtorch multiplies the small matrices of the heads one after another on one thread, between copies that bring them into order.
/// </summary>
public sealed unsafe class CausalAttention : SingleTensorFunction<CausalAttention>
{
    public override string Name => nameof(CausalAttention);

    /// <param name="projected">[N, 3·D], B samples of T positions below one another: queries, keys and values of H heads side by side.</param>
    /// <returns>[N, D], of the precision of <paramref name="projected"/>. What is computed between is fp32.</returns>
    public static Tensor Of(Tensor projected, long batch, int heads)
    {
        var attended = apply(projected, batch, heads);
        if (ModuleCounter.Active is { } counter)
        {
            var positions = projected.shape[0] / batch;
            var size = new AttentionSize(batch, heads, positions, positions, attended.shape[1] / heads)
            {
                Causal = true,
                Block = Tiles<Wide256>.Rows,
            };
            counter.Add(AttentionCount.Kernel(
                counter.Name("attention"), size, attended.requires_grad, ModuleCounter.PrecisionOf(attended)), attended, [projected]);
        }
        return attended;
    }

    public override Tensor forward(AutogradContext ctx, params object[] vars)
    {
        var projected = ((Tensor)vars[0]).contiguous();
        var (batch, heads) = ((long)vars[1], (int)vars[2]);
        var shape = HeadShape.Of(projected, batch, heads);
        var output = empty(projected.shape[0], shape.Width, dtype: projected.dtype);
        var weights = empty(batch * heads, shape.Rows, shape.Rows);
        HeadRows from = HeadRows.Of(projected), to = HeadRows.Of(output);
        var kept = NativeFloats.Of(weights);
        shape.ForEach((int)batch * heads, (pair, scratch) => HeadKernels.Forward(
            shape, from.At(shape.Projected(pair)), to.At(shape.Output(pair)), kept + shape.Weights(pair), scratch));

        ctx.save_for_backward([projected, weights]);
        ctx.save_data(nameof(HeadShape), shape);
        return output;
    }

    public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output)
    {
        var (saved, shape) = (ctx.get_saved_variables(), (HeadShape)ctx.get_data(nameof(HeadShape))!);
        var gradient = grad_output.contiguous();
        var result = empty(saved[0].shape, dtype: saved[0].dtype);
        HeadRows from = HeadRows.Of(saved[0]), ofOutput = HeadRows.Of(gradient), to = HeadRows.Of(result);
        var kept = NativeFloats.Of(saved[1]);
        shape.ForEach((int)saved[1].shape[0], (pair, scratch) => HeadKernels.Backward(
            shape, from.At(shape.Projected(pair)), kept + shape.Weights(pair), ofOutput.At(shape.Output(pair)), to.At(shape.Projected(pair)), scratch));
        return [result, null!, null!];
    }
}

/// <summary>Where the heads of <see cref="CausalAttention"/> lie; pairs of sample and head are numbered sample by sample.</summary>
/// <param name="Positions">T of each sample.</param>
/// <param name="Heads">H of each position.</param>
/// <param name="Head">d numbers of each head.</param>
sealed unsafe record HeadShape(int Positions, int Heads, int Head)
{
    public static HeadShape Of(Tensor projected, long batch, int heads)
    {
        var (rows, columns) = (projected.shape[0], projected.shape[1]);
        return rows % batch == 0 && columns % (3 * heads) == 0
            ? new((int)(rows / batch), heads, (int)(columns / 3 / heads))
            : throw new ArgumentException(
                $"[{rows}, {columns}] → expected rows of {batch} samples and queries, keys and values of {heads} heads → check batch and heads.",
                nameof(projected));
    }

    /// <summary>D numbers of a position.</summary>
    public int Width => Heads * Head;

    /// <summary>Keeps scores of one size whatever the size of a head.</summary>
    public float Scale => (float)(1 / Math.Sqrt(Head));

    /// <summary>Positions, filled up so that kernels need no special case at an end.</summary>
    public int Rows => HeadKernels.Filled(Positions);

    /// <summary>Numbers of a head, filled up.</summary>
    public int Columns => HeadKernels.Filled(Head);

    public bool IsFilled => Rows == Positions && Columns == Head;

    /// <summary>Where a pair's queries begin among the projected rows; its keys are D numbers further, its values 2·D.</summary>
    public nint Projected(int pair) => (nint)(pair / Heads) * Positions * 3 * Width + pair % Heads * Head;

    public nint Output(int pair) => (nint)(pair / Heads) * Positions * Width + pair % Heads * Head;

    public nint Weights(int pair) => (nint)pair * Rows * Rows;

    /// <summary>Every pair once, on all threads, with scratch for matrices of its own.</summary>
    public void ForEach(int pairs, HeadWork work) => ThreadTeam.Of(get_num_threads()).ForEach(pairs, pair =>
    {
        using var scratch = new NativeFloats(HeadKernels.Scratch(this));
        work(pair, scratch.Address);
    });
}

/// <summary>Rows of a head among those of others, fp32 or bf16.</summary>
/// <param name="Stride">Numbers from one row to the next.</param>
readonly unsafe record struct HeadRows(nint Address, int Stride, bool IsBf16)
{
    public static HeadRows Of(Tensor rows) =>
        new((nint)NativeFloats.Of(rows), (int)rows.shape[1], rows.dtype == ScalarType.BFloat16);

    public float* Fp32 => (float*)Address;

    public ushort* Bf16 => (ushort*)Address;

    /// <summary>So many numbers further.</summary>
    public HeadRows At(nint numbers) => this with { Address = Address + numbers * (IsBf16 ? sizeof(ushort) : sizeof(float)) };
}

unsafe delegate void HeadWork(int pair, float* scratch);

/// <summary>
/// Causal attention of one head, forwards and backwards. Matrices whose rows and columns are not multiples of <see cref="Block"/> are
/// copied into such, zero where nothing was, and so are those of bf16; others are read and written where they lie, among those of the other
/// heads.
/// </summary>
static unsafe class HeadKernels
{
    /// <summary>Sizes are filled up to a multiple of it: four of the widest vectors.</summary>
    const int Block = 64;

    public static int Filled(int size) => (size + Block - 1) / Block * Block;

    /// <summary>Numbers that one head needs besides its input and output: three matrices of the head, one of scores.</summary>
    public static int Scratch(HeadShape shape) => 3 * shape.Rows * shape.Columns + shape.Rows * shape.Rows;

    /// <param name="projected">Queries of the first position.</param>
    /// <param name="output">The head's part of the first position's result.</param>
    /// <param name="weights">Receives the probabilities, [rows, rows], zero where a key is later than its query.</param>
    public static void Forward(HeadShape shape, HeadRows projected, HeadRows output, float* weights, float* scratch)
    {
        if (Simd.Is512) HeadKernels<Wide512>.Forward(shape, projected, output, weights, scratch);
        else HeadKernels<Wide256>.Forward(shape, projected, output, weights, scratch);
    }

    /// <param name="weights">The probabilities that <see cref="Forward"/> left.</param>
    /// <param name="gradient">Of the head's part of the first position's result.</param>
    /// <param name="result">Receives the gradients of queries, keys and values.</param>
    public static void Backward(
        HeadShape shape, HeadRows projected, float* weights, HeadRows gradient, HeadRows result, float* scratch)
    {
        if (Simd.Is512) HeadKernels<Wide512>.Backward(shape, projected, weights, gradient, result, scratch);
        else HeadKernels<Wide256>.Backward(shape, projected, weights, gradient, result, scratch);
    }
}

/// <summary><see cref="HeadKernels"/> for one width of vectors.</summary>
static unsafe class HeadKernels<T>
    where T : struct, IWide<T>
{
    /// <summary>Which of the inner positions of a product a row has: one factor is zero elsewhere, because later keys may not be seen.</summary>
    enum Reach
    {
        All,
        UpToRow,
        FromRow,
    }

    public static void Forward(HeadShape shape, HeadRows projected, HeadRows output, float* weights, float* scratch)
    {
        var (rows, columns, size) = (shape.Rows, shape.Columns, shape.Rows * shape.Columns);
        float* first = scratch, second = scratch + size, third = scratch + 2 * size;
        var queries = Filled(shape, projected, first);
        var keys = Transposed(shape, Filled(shape, projected.At(shape.Width), second), third);
        var probabilities = new Strided(weights, rows);
        Multiply(queries, keys, probabilities, rows, rows, columns, Reach.All);
        for (var row = 0; row < rows; row++) Softmax(weights + row * rows, row + 1, rows, shape.Scale);

        var values = Filled(shape, projected.At(2 * shape.Width), second);
        Multiply(probabilities, values, shape, output, first, Reach.UpToRow);
    }

    public static void Backward(
        HeadShape shape, HeadRows projected, float* weights, HeadRows gradient, HeadRows result, float* scratch)
    {
        var (rows, columns, size) = (shape.Rows, shape.Columns, shape.Rows * shape.Columns);
        float* first = scratch, second = scratch + size, third = scratch + 2 * size, scores = scratch + 3 * size;
        var probabilities = new Strided(weights, rows);
        var gradients = Filled(shape, gradient, first);
        Multiply(probabilities.Transposed, gradients, shape, result.At(2 * shape.Width), second, Reach.FromRow);

        var values = Transposed(shape, Filled(shape, projected.At(2 * shape.Width), second), third);
        var ofScores = new Strided(scores, rows);
        Multiply(gradients, values, ofScores, rows, rows, columns, Reach.All);
        for (var row = 0; row < rows; row++) SoftmaxGradient(weights + row * rows, scores + row * rows, rows, shape.Scale);

        var keys = Filled(shape, projected.At(shape.Width), first);
        Multiply(ofScores, keys, shape, result, second, Reach.UpToRow);
        var queries = Filled(shape, projected, first);
        Multiply(ofScores.Transposed, queries, shape, result.At(shape.Width), second, Reach.FromRow);
    }

    /// <summary>a·b, of which what belongs to the head goes to its rows.</summary>
    static void Multiply(Strided a, Strided b, HeadShape shape, HeadRows to, float* scratch, Reach reach)
    {
        if (shape.IsFilled && !to.IsBf16)
        {
            Multiply(a, b, new(to.Fp32, to.Stride), shape.Rows, shape.Columns, shape.Rows, reach);
            return;
        }
        Multiply(a, b, new(scratch, shape.Columns), shape.Rows, shape.Columns, shape.Rows, reach);
        if (to.IsBf16)
        {
            for (var t = 0; t < shape.Positions; t++) Bf16.Narrow(scratch + t * shape.Columns, to.Bf16 + (nint)t * to.Stride, shape.Head);
            return;
        }
        CopyRows(shape, scratch, shape.Columns, to.Fp32, to.Stride);
    }

    /// <summary>c[r, n] = Σ a[r, k]·b[k, n]</summary>
    static void Multiply(Strided a, Strided b, Strided c, int rows, int columns, int inner, Reach reach)
    {
        for (var row = 0; row < rows; row += Tiles<T>.Rows)
        {
            var (first, end) = reach switch
            {
                Reach.UpToRow => (0, row + Tiles<T>.Rows),
                Reach.FromRow => (row, inner),
                _ => (0, inner),
            };
            Tiles<T>.Multiply(a.At(row, first), b.At(first, 0), c.At(row, 0), Tiles<T>.Rows, columns, end - first);
        }
    }

    /// <summary>Probabilities of the first so many scores, scaled; the others may not be seen and become zero.</summary>
    static void Softmax(float* scores, int seen, int count, float scale)
    {
        // Far below every score, yet no infinity: the difference of two would be no number.
        const float never = -1e30f;
        for (var i = seen; i < count; i++) scores[i] = never;
        var vectors = (seen + T.Lanes - 1) / T.Lanes * T.Lanes;
        var largest = T.Load(scores);
        for (var i = T.Lanes; i < vectors; i += T.Lanes) largest = T.Max(largest, T.Load(scores + i));
        var (shift, sharpness, sum) = (T.Create(Simd.LargestLane(largest)), T.Create(scale), default(T));
        for (var i = 0; i < vectors; i += T.Lanes)
        {
            var power = Exponential.Of((T.Load(scores + i) - shift) * sharpness);
            sum += power;
            power.Store(scores + i);
        }

        var factor = T.Create(1 / Simd.Sum(sum));
        for (var i = 0; i < vectors; i += T.Lanes) (T.Load(scores + i) * factor).Store(scores + i);
        for (var i = vectors; i < count; i += T.Lanes) default(T).Store(scores + i);
    }

    /// <summary>g ← scale·p·(g − Σ p·g)</summary>
    static void SoftmaxGradient(float* p, float* g, int count, float scale)
    {
        T sum = default;
        for (var i = 0; i < count; i += T.Lanes) sum = T.MultiplyAdd(T.Load(p + i), T.Load(g + i), sum);
        var (mean, factor) = (T.Create(Simd.Sum(sum)), T.Create(scale));
        for (var i = 0; i < count; i += T.Lanes) (factor * T.Load(p + i) * (T.Load(g + i) - mean)).Store(g + i);
    }

    // [T, d] among the rows of other heads → [rows, columns]
    static Strided Filled(HeadShape shape, HeadRows from, float* scratch)
    {
        if (shape.IsFilled && !from.IsBf16) return new(from.Fp32, from.Stride);
        if (!shape.IsFilled) new Span<float>(scratch, shape.Rows * shape.Columns).Clear();
        if (!from.IsBf16)
            CopyRows(shape, from.Fp32, from.Stride, scratch, shape.Columns);
        else
            for (var t = 0; t < shape.Positions; t++) Bf16.Widen(from.Bf16 + (nint)t * from.Stride, scratch + t * shape.Columns, shape.Head);
        return new(scratch, shape.Columns);
    }

    // [rows, columns] → [columns, rows]
    static Strided Transposed(HeadShape shape, Strided from, float* scratch)
    {
        Transposition.Of(from.First, from.Down, shape.Rows, shape.Columns, scratch, shape.Rows);
        return new(scratch, shape.Rows);
    }

    static void CopyRows(HeadShape shape, float* from, int fromStride, float* to, int toStride)
    {
        for (var t = 0; t < shape.Positions; t++, from += fromStride, to += toStride)
        {
            var i = 0;
            for (; i <= shape.Head - T.Lanes; i += T.Lanes) T.Load(from + i).Store(to + i);
            for (; i < shape.Head; i++) to[i] = from[i];
        }
    }
}

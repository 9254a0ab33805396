namespace MlPerfEdu.Numerics;

/// <summary>
/// Experts of one size, down(silu(up(x))), forwards and backwards: rows of tokens are gathered in the order of their experts, each expert
/// multiplies its own at once, and the answers return to their tokens. Pieces of experts are taken by whichever thread is free; every number is
/// summed in one order, however many threads there are.
/// </summary>
public sealed unsafe class ExpertLayers
{
    // Of each matrix of an expert: shares of its gradient that threads take one after another.
    const int Shares = 4;

    readonly LinearLayer[] up, down;
    readonly ExpertRoutes routes;
    readonly ExpertScratch scratch;
    readonly int width, hidden;
    // What the backward pass reads, by slot: inputs, products of `up` (a piece after another, each [hidden, columns]), their SiLU, answers.
    readonly AlignedBuffer<float> inputs, products, active, answers;
    int forward, backward, gradients;

    public ExpertLayers(IReadOnlyList<LinearLayer> up, IReadOnlyList<LinearLayer> down, ExpertRoutes routes, ExpertScratch scratch)
    {
        (this.up, this.down, this.routes, this.scratch) = ([.. up], [.. down], routes, scratch);
        (width, hidden) = (up[0].Inputs, up[0].Outputs);
        var slots = routes.Slots;
        (inputs, products, active, answers) = (new(slots * width), new(slots * hidden), new(slots * scratch.HiddenStride), new(slots * width));
    }

    /// <summary>After <see cref="ExpertRoutes.Sort"/>, on one thread: all pieces wait.</summary>
    public void Begin() => (forward, backward, gradients) = (0, 0, 0);

    /// <summary>Every thread's share of the experts' answers.</summary>
    /// <param name="rows">[tokens, width]</param>
    public void Forward(float* rows, int thread)
    {
        while (Interlocked.Increment(ref forward) - 1 is var next && next < routes.PieceCount) Forward(routes.Pieces[next], rows, thread);
    }

    /// <summary>Each token's answers, weighted and added up.</summary>
    /// <param name="to">[tokens, width]</param>
    public void Join(float* to, int from, int until)
    {
        for (var token = from; token < until; token++)
        {
            Span<float> sum = new(to + (nint)token * width, width);
            sum.Clear();
            for (var k = 0; k < routes.Chosen; k++) TensorPrimitives.MultiplyAdd(Row(answers, token, k), routes.Weight(token, k), sum, sum);
        }
    }

    /// <summary>The gradients of the router's logits.</summary>
    /// <param name="gradients">Of what <see cref="Join"/> gave.</param>
    public void LogitGradients(float* gradients, float* logits, nint stride, int from, int until)
    {
        Span<float> ofWeights = stackalloc float[routes.Chosen];
        for (var token = from; token < until; token++)
        {
            for (var k = 0; k < routes.Chosen; k++) ofWeights[k] = Simd.Dot(new(gradients + (nint)token * width, width), Row(answers, token, k));
            routes.LogitGradients(token, ofWeights, logits, stride);
        }
    }

    /// <summary>Every thread's share of the way back through the experts.</summary>
    /// <param name="rows">[tokens, width], the gradients of what <see cref="Join"/> gave.</param>
    public void Backward(float* rows, int thread)
    {
        while (Interlocked.Increment(ref backward) - 1 is var next && next < routes.PieceCount) Backward(routes.Pieces[next], rows, thread);
    }

    /// <summary>The gradients of each token's row, from all of its experts.</summary>
    public void JoinGradients(float* to, int from, int until)
    {
        for (var token = from; token < until; token++)
        {
            Span<float> sum = new(to + (nint)token * width, width);
            sum.Clear();
            for (var k = 0; k < routes.Chosen; k++) TensorPrimitives.Add(sum, Row(scratch.InputGradients, token, k), sum);
        }
    }

    /// <summary>Every thread's share of the gradients of weights.</summary>
    public void WeightGradients()
    {
        while (Interlocked.Increment(ref gradients) - 1 is var next && next < up.Length * 2 * Shares)
        {
            var (expert, share) = (next / (2 * Shares), next % Shares);
            if (next / Shares % 2 == 0) OfUp(expert, share);
            else OfDown(expert, share);
        }
    }

    void Forward(in ExpertRoutes.Piece piece, float* rows, int thread)
    {
        var (expert, slot, columns) = piece;
        float* x = scratch.Columns(thread), h = scratch.HiddenColumns(thread), p = At(products, slot, hidden);
        for (var i = 0; i < columns; i++)
        {
            Span<float> to = new(At(inputs, slot + i, width), width);
            if (routes.Token(slot + i) is >= 0 and var token) new Span<float>(rows + (nint)token * width, width).CopyTo(to);
            else to.Clear();
        }
        Transposition.Of(At(inputs, slot, width), width, columns, width, x, columns);
        ColumnLinear.Forward(up[expert], x, columns, p, columns, columns);
        Silu.Forward(p, h, hidden * columns);
        ColumnLinear.Forward(down[expert], h, columns, x, columns, columns);
        Transposition.Of(h, columns, hidden, columns, At(active, slot, scratch.HiddenStride), scratch.HiddenStride);
        Transposition.Of(x, columns, width, columns, At(answers, slot, width), width);
    }

    void Backward(in ExpertRoutes.Piece piece, float* rows, int thread)
    {
        var (expert, slot, columns) = piece;
        float* x = scratch.Columns(thread), h = scratch.HiddenColumns(thread);
        for (var i = 0; i < columns; i++)
        {
            Span<float> to = new(At(scratch.AnswerGradients, slot + i, width), width);
            if (routes.Token(slot + i) is >= 0 and var token) Simd.Scale(new(rows + (nint)token * width, width), routes.Weight(slot + i), to);
            else to.Clear();
        }
        Transposition.Of(At(scratch.AnswerGradients, slot, width), width, columns, width, x, columns);
        ColumnLinear.Backward(down[expert], x, columns, h, columns, columns);
        Silu.Backward(At(products, slot, hidden), h, hidden * columns);
        ColumnLinear.Backward(up[expert], h, columns, x, columns, columns);
        Transposition.Of(h, columns, hidden, columns, At(scratch.ProductGradients, slot, scratch.HiddenStride), scratch.HiddenStride);
        Transposition.Of(x, columns, width, columns, At(scratch.InputGradients, slot, width), width);
    }

    void OfUp(int expert, int share)
    {
        var (slot, rows) = (routes.First(expert), hidden / Shares);
        ColumnLinear.Outer(
            At(scratch.ProductGradients, slot, scratch.HiddenStride) + share * rows, scratch.HiddenStride, At(inputs, slot, width), width,
            up[expert].WeightGradient + (nint)share * rows * width, rows, width, routes.Counts[expert]);
    }

    void OfDown(int expert, int share)
    {
        var (slot, rows) = (routes.First(expert), width / Shares);
        ColumnLinear.Outer(
            At(scratch.AnswerGradients, slot, width) + share * rows, width, At(active, slot, scratch.HiddenStride), scratch.HiddenStride,
            down[expert].WeightGradient + (nint)share * rows * hidden, rows, hidden, routes.Counts[expert]);
    }

    ReadOnlySpan<float> Row(AlignedBuffer<float> of, int token, int choice) => new(At(of, routes.Slot(token, choice), width), width);

    static float* At(AlignedBuffer<float> buffer, int slot, int stride) => (float*)Unsafe.AsPointer(ref buffer[0]) + (nint)slot * stride;
}

/// <summary>Memory that the layers of a model use one after another.</summary>
public sealed unsafe class ExpertScratch
{
    readonly AlignedBuffer<float>[] columns, hiddenColumns;

    public ExpertScratch(int width, int hidden, ExpertRoutes routes, int threads)
    {
        if (width % ExpertRoutes.Line != 0 || hidden % ExpertRoutes.Line != 0)
            throw new ArgumentException($"Experts of {width} and {hidden} numbers; expected multiples of {ExpertRoutes.Line}, which are whole vectors.", nameof(width));
        // Rows a power of two apart would fall into the same few places of a cache.
        HiddenStride = hidden + ExpertRoutes.Line;
        columns = [.. Enumerable.Range(0, threads).Select(_ => new AlignedBuffer<float>(width * ExpertRoutes.Longest))];
        hiddenColumns = [.. Enumerable.Range(0, threads).Select(_ => new AlignedBuffer<float>(hidden * ExpertRoutes.Longest))];
        (AnswerGradients, InputGradients) = (new(routes.Slots * width), new(routes.Slots * width));
        ProductGradients = new(routes.Slots * HiddenStride);
    }

    internal int HiddenStride { get; }

    internal AlignedBuffer<float> AnswerGradients { get; }

    internal AlignedBuffer<float> ProductGradients { get; }

    internal AlignedBuffer<float> InputGradients { get; }

    internal float* Columns(int thread) => (float*)Unsafe.AsPointer(ref columns[thread][0]);

    internal float* HiddenColumns(int thread) => (float*)Unsafe.AsPointer(ref hiddenColumns[thread][0]);
}

/// <summary>x·σ(x)</summary>
static unsafe class Silu
{
    /// <param name="count">Whole vectors.</param>
    public static void Forward(float* x, float* y, int count)
    {
        if (Simd.Is512) Forward<Wide512>(x, y, count);
        else Forward<Wide256>(x, y, count);
    }

    /// <summary>From the gradients of y to those of x, in place.</summary>
    public static void Backward(float* x, float* gradients, int count)
    {
        if (Simd.Is512) Backward<Wide512>(x, gradients, count);
        else Backward<Wide256>(x, gradients, count);
    }

    [MethodImpl(Simd.Loop)]
    static void Forward<T>(float* x, float* y, int count)
        where T : struct, IWide<T>
    {
        for (var i = 0; i < count; i += T.Lanes)
        {
            var value = T.Load(x + i);
            (value / (T.Create(1) + Exponential.Of(-value))).Store(y + i);
        }
    }

    // g·s·(1 + x·(1 − s))
    [MethodImpl(Simd.Loop)]
    static void Backward<T>(float* x, float* gradients, int count)
        where T : struct, IWide<T>
    {
        var one = T.Create(1);
        for (var i = 0; i < count; i += T.Lanes)
        {
            var value = T.Load(x + i);
            var share = one / (one + Exponential.Of(-value));
            (T.Load(gradients + i) * share * T.MultiplyAdd(value, one - share, one)).Store(gradients + i);
        }
    }
}

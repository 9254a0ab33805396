using System.Numerics.Tensors;
using MlPerfEdu.Numerics;
using MlPerfEdu.Workloads.Cloud.NanoGpt;

namespace MlPerfEdu.Workloads.Cloud.NanoMoe;

/// <summary>A <see cref="NanoMoeLayer"/> forwards and backwards, in the parts between which threads meet.</summary>
sealed unsafe class FusedMoeLayer
{
    readonly MoeMemory memory;
    readonly HeadShape shape;
    readonly int width, count, heads;
    readonly nint stride;
    readonly NormLayer attentionNorm, expertNorm;
    readonly LinearLayer queryKeyValue, output, router;
    readonly ExpertRoutes routes;
    readonly ExpertLayers experts;
    // Kept for the backward pass: both norms and their outputs as rows, heads before and after attention, and its probabilities.
    readonly float* attentionNormed;
    readonly float* attentionInverse;
    readonly float* attentionRows;
    readonly float* projected;
    readonly float* probabilities;
    readonly float* attended;
    readonly float* expertNormed;
    readonly float* expertInverse;
    readonly float* expertRows;

    public FusedMoeLayer(NanoMoeLayer layer, FlatGradients gradients, MoeMemory memory)
    {
        (this.memory, shape, width, count, stride) = (memory, memory.Shape, memory.Shape.Width, memory.Count, memory.Stride);
        heads = shape.Heads;
        (attentionNorm, expertNorm) = (gradients.Layer(layer.AttentionNorm), gradients.Layer(layer.ExpertNorm));
        (queryKeyValue, output, router) = (gradients.Layer(layer.QueryKeyValue), gradients.Layer(layer.Output), gradients.Layer(layer.Mixture.Router));
        routes = new ExpertRoutes(count, router.Outputs, memory.Chosen);
        experts = new ExpertLayers(
            [.. layer.Mixture.Experts.Select(expert => gradients.Layer(expert.Up))],
            [.. layer.Mixture.Experts.Select(expert => gradients.Layer(expert.Down))], routes, memory.Experts);
        attentionNormed = memory.Columns(width);
        attentionInverse = memory.Columns(1);
        attentionRows = memory.Rows(width);
        projected = memory.Rows(3 * width);
        attended = memory.Rows(width);
        probabilities = memory.Take(count / shape.Positions * heads * shape.Rows * shape.Rows);
        expertNormed = memory.Columns(width);
        expertInverse = memory.Columns(1);
        expertRows = memory.Rows(width);
    }

    /// <summary>x + attention, and the choice of experts.</summary>
    public void Attend(int from, int until, int thread)
    {
        var columns = until - from;
        float* x = memory.X + from, y = memory.Y + from;
        ColumnNorm.Forward(attentionNorm, x, attentionNormed + from, attentionInverse + from, y, stride, columns);
        memory.ToRows(memory.Y, attentionRows, width, from, until);
        ColumnLinear.Forward(queryKeyValue, y, stride, memory.Wide + from, stride, columns);
        memory.ToRows(memory.Wide, projected, 3 * width, from, until);
        HeadRows read = new((nint)projected, 3 * width, false), to = new((nint)attended, width, false);
        for (var pair = from / shape.Positions * heads; pair < until / shape.Positions * heads; pair++)
            HeadKernels.Forward(shape, read.At(shape.Projected(pair)), to.At(shape.Output(pair)), probabilities + shape.Weights(pair), memory.HeadScratch(thread));
        memory.ToColumns(attended, memory.Y, width, from, until);
        ColumnLinear.Forward(output, y, stride, memory.Wide + from, stride, columns);
        memory.AddColumns(memory.Wide, from, until);

        ColumnNorm.Forward(expertNorm, x, expertNormed + from, expertInverse + from, y, stride, columns);
        memory.ToRows(memory.Y, expertRows, width, from, until);
        ColumnLinear.Forward(router, y, stride, memory.Wide + from, stride, columns);
        routes.Choose(memory.Wide, stride, from, until);
    }

    public void Sort()
    {
        routes.Sort();
        experts.Begin();
    }

    public void Experts(int thread) => experts.Forward(expertRows, thread);

    /// <summary>x + what the experts answered.</summary>
    public void Join(int from, int until)
    {
        experts.Join(memory.RowScratch, from, until);
        memory.ToColumns(memory.RowScratch, memory.Wide, width, from, until);
        memory.AddColumns(memory.Wide, from, until);
    }

    /// <summary>The gradient of what the experts added, as rows, and those of the router's logits.</summary>
    public void LeaveJoin(int from, int until)
    {
        memory.ToRows(memory.Back, memory.RowScratch, width, from, until);
        experts.LogitGradients(memory.RowScratch, memory.Routing, stride, from, until);
    }

    public void LeaveExperts(int thread) => experts.Backward(memory.RowScratch, thread);

    /// <summary>From the experts' input to that of the layer.</summary>
    public void LeaveAttention(int from, int until, int thread)
    {
        var columns = until - from;
        float* y = memory.Y + from, expertGradients = memory.ExpertGradients + from, back = memory.Back + from, middle = memory.Middle + from;
        experts.JoinGradients(memory.RowScratch, from, until);
        memory.ToColumns(memory.RowScratch, memory.ExpertGradients, width, from, until);
        ColumnLinear.Backward(router, memory.Routing + from, stride, y, stride, columns);
        memory.Add(memory.ExpertGradients, memory.Y, from, until);
        ColumnNorm.Backward(expertNorm, expertGradients, expertNormed + from, expertInverse + from, back, middle, stride, columns);

        ColumnLinear.Backward(output, middle, stride, y, stride, columns);
        memory.ToRows(memory.Y, memory.RowScratch, width, from, until);
        HeadRows read = new((nint)projected, 3 * width, false), gradient = new((nint)memory.RowScratch, width, false);
        HeadRows to = new((nint)memory.WideRows, 3 * width, false);
        for (var pair = from / shape.Positions * heads; pair < until / shape.Positions * heads; pair++)
        {
            HeadKernels.Backward(
                shape, read.At(shape.Projected(pair)), probabilities + shape.Weights(pair), gradient.At(shape.Output(pair)),
                to.At(shape.Projected(pair)), memory.HeadScratch(thread));
        }
        memory.ToColumns(memory.WideRows, memory.Wide, 3 * width, from, until);
        ColumnLinear.Backward(queryKeyValue, memory.Wide + from, stride, y, stride, columns);
        ColumnNorm.Backward(attentionNorm, y, attentionNormed + from, attentionInverse + from, middle, back, stride, columns);
    }

    /// <summary>A thread's share of them, after all windows came back.</summary>
    public void WeightGradients(int thread, int threads)
    {
        experts.WeightGradients();
        ColumnLinear.WeightGradients(router, memory.Routing, stride, expertRows, width, count, thread, threads);
        ColumnNorm.WeightGradients(expertNorm, memory.ExpertGradients, expertNormed, stride, count, thread, threads);
        ColumnLinear.WeightGradients(output, memory.Middle, stride, attended, width, count, thread, threads);
        ColumnLinear.WeightGradients(queryKeyValue, memory.Wide, stride, attentionRows, width, count, thread, threads);
        ColumnNorm.WeightGradients(attentionNorm, memory.Y, attentionNormed, stride, count, thread, threads);
    }
}

/// <summary>Memory of a step, and what moves between tokens as columns and tokens as rows.</summary>
sealed unsafe class MoeMemory : IDisposable
{
    public const int Line = NativeFloats.Line;

    readonly List<NativeFloats> taken = [];
    readonly float*[] headScratch;

    public MoeMemory(NanoMoeGeometry sizes, int batch, int window, int threads)
    {
        Count = batch * window;
        // Rows a power of two apart would fall into the same few places of a cache.
        Stride = Count + Line;
        Chosen = sizes.Chosen;
        Shape = new HeadShape(window, sizes.Heads, sizes.Width / sizes.Heads);
        Experts = new ExpertScratch(sizes.Width, sizes.Hidden, new ExpertRoutes(Count, sizes.Experts, sizes.Chosen), threads);
        var width = sizes.Width;
        X = Columns(width);
        Y = Columns(width);
        Back = Columns(width);
        Middle = Columns(width);
        ExpertGradients = Columns(width);
        Zeros = Columns(width);
        Wide = Columns(3 * width);
        WideRows = Rows(3 * width);
        RowScratch = Rows(width);
        Routing = Columns(sizes.Experts);
        headScratch = new float*[threads];
        for (var i = 0; i < threads; i++) headScratch[i] = Take(HeadKernels.Scratch(Shape));
    }

    /// <summary>Tokens.</summary>
    public int Count { get; }

    public nint Stride { get; }

    public int Chosen { get; }

    public HeadShape Shape { get; }

    public ExpertScratch Experts { get; }

    /// <summary>The residual stream, [width, columns].</summary>
    public float* X { get; }

    /// <summary>Output of a norm; backwards, its gradient.</summary>
    public float* Y { get; }

    /// <summary>The gradient of the residual stream behind a layer, and then before it.</summary>
    public float* Back { get; }

    /// <summary>The same between attention and experts.</summary>
    public float* Middle { get; }

    public float* ExpertGradients { get; }

    public float* Zeros { get; }

    /// <summary>Three times as high.</summary>
    public float* Wide { get; }

    public float* WideRows { get; }

    /// <summary>[tokens, width]</summary>
    public float* RowScratch { get; }

    /// <summary>Gradients of the router's logits.</summary>
    public float* Routing { get; }

    public float* HeadScratch(int thread) => headScratch[thread];

    public float* Columns(int height) => Take(height * (int)Stride);

    public float* Rows(int numbers) => Take(Count * numbers);

    public float* Take(int numbers)
    {
        var floats = new NativeFloats(numbers);
        new Span<float>(floats.Address, numbers).Clear();
        taken.Add(floats);
        return floats.Address;
    }

    public void ToRows(float* columns, float* rows, int height, int from, int until) =>
        Transposition.Of(columns + from, Stride, height, until - from, rows + (nint)from * height, height);

    public void ToColumns(float* rows, float* columns, int height, int from, int until) =>
        Transposition.Of(rows + (nint)from * height, height, until - from, height, columns + from, Stride);

    /// <summary>Into the residual stream.</summary>
    public void AddColumns(float* added, int from, int until) => Add(X, added, from, until);

    public void Add(float* to, float* added, int from, int until)
    {
        for (var row = 0; row < Shape.Width; row++)
        {
            Span<float> sum = new(to + row * Stride + from, until - from);
            TensorPrimitives.Add(sum, new ReadOnlySpan<float>(added + row * Stride + from, until - from), sum);
        }
    }

    public void Dispose() => taken.ForEach(floats => floats.Dispose());
}

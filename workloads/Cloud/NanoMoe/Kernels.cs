using System.Numerics.Tensors;
using MlPerfEdu.Numerics;

namespace MlPerfEdu.Workloads.Cloud.NanoMoe;

/// <summary>
/// <see cref="NanoMoeModel"/> and its cross entropy, forwards and backwards, in one call. Tokens are columns; each thread has whole windows, in
/// which alone they see one another, and meets the others only where experts gather tokens of all windows and where weights get their gradients.
/// </summary>
sealed unsafe class FusedNanoMoe : SupervisedFusedStep
{
    readonly byte[] text;
    readonly int window, width, count;
    readonly nint stride;
    readonly FusedMoeLayer[] layers;
    readonly MoeMemory memory;
    readonly NormLayer norm;
    readonly LinearLayer head;
    readonly float* tokens;
    readonly float* positions;
    readonly float* tokenGradients;
    readonly float* positionGradients;
    readonly int tokenNumbers, positionNumbers;
    // Of the last norm: its kept numbers, its output as columns and rows; logits, and then their gradients; the loss of each token.
    readonly float* normed;
    readonly float* inverse;
    readonly float* rows;
    readonly float* logits;
    readonly float* losses;
    // Characters of the batch, and those to be predicted.
    readonly byte[] read, labels;

    public FusedNanoMoe(NanoMoeModel model, byte[] text, int window, int batch, int? threads = null)
        : base(model, batch, Macs(model, batch * window), threads)
    {
        var sizes = model.Geometry;
        if (window % MoeMemory.Line != 0 || window > sizes.Context || text.Max() >= sizes.Vocabulary)
            throw new ArgumentException($"Windows of {window} characters up to {text.Max()}; expected a multiple of {MoeMemory.Line}, {sizes.Context} at most, of characters below {sizes.Vocabulary}.", nameof(window));
        (this.text, this.window, width, count) = (text, window, sizes.Width, batch * window);
        memory = new MoeMemory(sizes, batch, window, Threads);
        stride = memory.Stride;
        layers = [.. model.Layers.Select(layer => new FusedMoeLayer(layer, Gradients, memory))];
        (norm, head) = (Gradients.Layer(model.Norm), Gradients.Layer(model.Head));
        tokens = NativeFloats.Of(model.Tokens.weight!);
        tokenGradients = Gradients.Of(model.Tokens.weight!);
        positions = NativeFloats.Of(model.Positions.weight!);
        positionGradients = Gradients.Of(model.Positions.weight!);
        (tokenNumbers, positionNumbers) = ((int)model.Tokens.weight!.numel(), (int)model.Positions.weight!.numel());
        normed = memory.Columns(width);
        inverse = memory.Columns(1);
        rows = memory.Rows(width);
        logits = memory.Columns(sizes.Vocabulary);
        losses = memory.Columns(1);
        (read, labels) = (new byte[count], new byte[count]);
    }

    static long Macs(NanoMoeModel model, int tokens)
    {
        var sizes = model.Geometry;
        long attention = 4L * sizes.Width * sizes.Width, experts = 2L * sizes.Chosen * sizes.Width * sizes.Hidden;
        return tokens * (sizes.Layers * (attention + experts) + (long)sizes.Width * sizes.Vocabulary);
    }

    protected override void Part(int thread)
    {
        var (from, until) = (Batch * thread / Threads * window, Batch * (thread + 1) / Threads * window);
        float* x = memory.X + from, y = memory.Y + from, back = memory.Back + from;
        Embed(from, until);
        foreach (var layer in layers)
        {
            layer.Attend(from, until, thread);
            Meet();
            if (thread == 0) layer.Sort();
            Meet();
            layer.Experts(thread);
            Meet();
            layer.Join(from, until);
        }

        var columns = until - from;
        ColumnNorm.Forward(norm, x, normed + from, inverse + from, y, stride, columns);
        memory.ToRows(memory.Y, rows, width, from, until);
        ColumnLinear.Forward(head, y, stride, logits + from, stride, columns);
        ColumnLoss.CrossEntropy(logits + from, stride, head.Outputs, labels.AsSpan(from, columns), losses + from, 1f / count);
        ColumnLinear.Backward(head, logits + from, stride, y, stride, columns);
        ColumnNorm.Backward(norm, y, normed + from, inverse + from, memory.Zeros, back, stride, columns);
        Meet();
        ColumnLinear.WeightGradients(head, logits, stride, rows, width, count, thread, Threads);
        ColumnNorm.WeightGradients(norm, memory.Y, normed, stride, count, thread, Threads);
        for (var l = layers.Length - 1; l >= 0; l--)
        {
            layers[l].LeaveJoin(from, until);
            Meet();
            layers[l].LeaveExperts(thread);
            Meet();
            layers[l].LeaveAttention(from, until, thread);
            Meet();
            layers[l].WeightGradients(thread, Threads);
            Meet();
        }
        memory.ToRows(memory.Back, memory.RowScratch, width, from, until);
        Meet();
        // One after the other, because tokens share rows.
        if (thread == 0) AddTokens();
        if (thread == Threads - 1) AddPositions();
    }

    void Embed(int from, int until)
    {
        for (var token = from; token < until; token++)
        {
            var place = (int)Positions[token / window] + token % window;
            (read[token], labels[token]) = (text[place], text[place + 1]);
            ReadOnlySpan<float> ofToken = new(tokens + read[token] * width, width), ofPosition = new(positions + token % window * width, width);
            TensorPrimitives.Add(ofToken, ofPosition, new(memory.RowScratch + (nint)token * width, width));
        }
        memory.ToColumns(memory.RowScratch, memory.X, width, from, until);
    }

    void AddTokens()
    {
        new Span<float>(tokenGradients, tokenNumbers).Clear();
        for (var token = 0; token < count; token++) Add(tokenGradients + read[token] * width, token);
    }

    void AddPositions()
    {
        new Span<float>(positionGradients, positionNumbers).Clear();
        for (var token = 0; token < count; token++) Add(positionGradients + token % window * width, token);
    }

    void Add(float* to, int token)
    {
        Span<float> sum = new(to, width);
        TensorPrimitives.Add(sum, new ReadOnlySpan<float>(memory.RowScratch + (nint)token * width, width), sum);
    }

    protected override float Loss()
    {
        var sum = 0.0;
        for (var token = 0; token < count; token++) sum += losses[token];
        return (float)(sum / count);
    }

    public override void Dispose()
    {
        memory.Dispose();
        base.Dispose();
        GC.SuppressFinalize(this);
    }
}

using MlPerfEdu.Numerics;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Cloud.MicroDlrm;

/// <summary><see cref="MicroDlrmModel"/> and its binary cross entropy, forwards and backwards, in one call.</summary>
sealed unsafe class FusedMicroDlrm : SupervisedFusedStep
{
    // [N, tables + dense] and [N], which the workload keeps.
    readonly float* samples;
    readonly float* likes;
    readonly LayerChain bottom, top;
    readonly float* tables;
    readonly float* tableGradient;
    readonly int tableCount, width, rowNumbers, dense, looked, joined;
    readonly NativeFloats losses, ofRows;
    // Of each sample, its rows of the joined tables.
    readonly int[] ids;

    public FusedMicroDlrm(MicroDlrmModel model, Tensor samples, Tensor likes, int batch, int? threads = null)
        : base(model, batch, Macs(model, batch), threads)
    {
        this.samples = NativeFloats.Of(samples);
        this.likes = NativeFloats.Of(likes);
        bottom = new LayerChain([.. model.Bottom.Select(Gradients.Layer)], Activation.Relu, batch, lastIsActive: true);
        top = new LayerChain([.. model.Top.Select(Gradients.Layer)], Activation.Relu, batch, inputHasGradient: true);
        tables = NativeFloats.Of(model.Tables);
        tableGradient = Gradients.Of(model.Tables);
        (tableCount, width, rowNumbers) = (model.TableCount, (int)model.Tables.shape[1], (int)model.Tables.numel());
        (dense, joined) = ((int)model.Bottom[0].weight.shape[1], (int)model.Top[0].weight.shape[1]);
        looked = tableCount * width;
        Check(samples, likes, model.Tables.shape[0]);
        ids = new int[batch * tableCount];
        losses = new NativeFloats(top.Columns);
        ofRows = new NativeFloats(top.Columns * Filled(joined));
    }

    // Kernels do not look where they read.
    void Check(Tensor samples, Tensor likes, long rows)
    {
        if (samples.shape[1] != tableCount + dense || likes.numel() != samples.shape[0])
            throw new ArgumentException(
                $"Samples of {samples.shape[1]} numbers with {likes.numel()} answers for {samples.shape[0]}; expected {tableCount} ids and {dense} numbers, and one answer each.",
                nameof(samples));
        using var ids = samples.narrow(1, 0, tableCount);
        using var least = ids.min();
        using var largest = ids.max();
        if (least.item<float>() < 0 || largest.item<float>() >= rows)
            throw new ArgumentException($"Ids from {least.item<float>()} to {largest.item<float>()}; expected 0 to {rows - 1}, as many as the tables have rows.", nameof(samples));
    }

    static long Macs(MicroDlrmModel model, int batch) => batch * model.Bottom.Concat(model.Top).Sum(layer => layer.weight.numel());

    protected override void Part(int thread)
    {
        var (from, until) = Columns(thread, Batch);
        for (var sample = from; sample < Math.Min(until, Batch); sample++) LookUp(sample);
        bottom.Forward(from, until);
        Join(from, until);
        top.Forward(from, until);
        for (var sample = from; sample < Math.Min(until, Batch); sample++) Compare(sample);
        top.Backward(from, until);
        for (var i = looked; i < joined; i++)
        {
            new Span<float>(top.InputGradients + i * top.Stride + from, until - from)
                .CopyTo(new(bottom.OutputGradients + (i - looked) * bottom.Stride + from, until - from));
        }
        bottom.Backward(from, until);
        Transposition.Of(top.InputGradients + from, top.Stride, Filled(joined), until - from, ofRows.Address + from * Filled(joined), Filled(joined));
        Meet();
        bottom.WeightGradients(Batch, thread, Threads);
        top.WeightGradients(Batch, thread, Threads);
        // One after the other, because samples share rows.
        if (thread == Threads - 1) AddRows();
    }

    // The rows of the tables into the top network's input, the dense numbers into the bottom network's.
    void LookUp(int sample)
    {
        var from = samples + (nint)Positions[sample] * (tableCount + dense);
        var to = top.Row(sample);
        for (var table = 0; table < tableCount; table++)
        {
            var id = ids[sample * tableCount + table] = (int)from[table];
            new Span<float>(tables + (nint)id * width, width).CopyTo(new(to + table * width, width));
        }
        new Span<float>(from + tableCount, dense).CopyTo(new(bottom.Row(sample), dense));
    }

    // The bottom network's outputs behind the rows of the tables.
    void Join(int from, int until)
    {
        for (var sample = from; sample < until; sample++)
        {
            var to = top.Row(sample) + looked;
            for (var i = 0; i < joined - looked; i++) to[i] = bottom.Outputs[i * bottom.Stride + sample];
        }
    }

    // max(x, 0) − x·y + log(1 + exp(−|x|)), and (σ(x) − y) / B
    void Compare(int sample)
    {
        var (x, y) = (top.Outputs[sample], likes[Positions[sample]]);
        var small = MathF.Exp(-MathF.Abs(x));
        losses.Address[sample] = MathF.Max(x, 0) - x * y + MathF.Log(1 + small);
        top.OutputGradients[sample] = ((x >= 0 ? 1 : small) / (1 + small) - y) / Batch;
    }

    // A dense gradient: zeros, and sums in the rows that were looked up.
    void AddRows()
    {
        new Span<float>(tableGradient, rowNumbers).Clear();
        for (var sample = 0; sample < Batch; sample++)
        {
            for (var table = 0; table < tableCount; table++)
            {
                var to = tableGradient + (nint)ids[sample * tableCount + table] * width;
                var from = ofRows.Address + sample * Filled(joined) + table * width;
                for (var i = 0; i < width; i++) to[i] += from[i];
            }
        }
    }

    protected override float Loss()
    {
        var sum = 0.0;
        for (var sample = 0; sample < Batch; sample++) sum += losses.Address[sample];
        return (float)(sum / Batch);
    }

    // Transpositions take squares of four.
    static int Filled(int count) => (count + 3) / 4 * 4;

    public override void Dispose()
    {
        bottom.Dispose();
        top.Dispose();
        losses.Dispose();
        ofRows.Dispose();
        base.Dispose();
        GC.SuppressFinalize(this);
    }
}

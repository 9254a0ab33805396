using MlPerfEdu.Numerics;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Cloud.MicroDlrm;

/// <summary><see cref="MicroDlrmModel"/> and its binary cross entropy, forwards and backwards, in one call.</summary>
sealed unsafe class FusedMicroDlrm : SupervisedFusedStep
{
    // [N, tables + dense] and [N], which the workload keeps.
    readonly float* samples;
    readonly JoinedNetworks networks;
    readonly float* tables;
    readonly float* tableGradient;
    readonly int tableCount, width, rowNumbers, dense;
    // Of each sample, its rows of the joined tables.
    readonly int[] ids;

    public FusedMicroDlrm(MicroDlrmModel model, Tensor samples, Tensor likes, int batch, int? threads = null)
        : base(model, batch, Macs(model, batch), threads)
    {
        this.samples = NativeFloats.Of(samples);
        tables = NativeFloats.Of(model.Tables);
        tableGradient = Gradients.Of(model.Tables);
        (tableCount, width, rowNumbers) = (model.TableCount, (int)model.Tables.shape[1], (int)model.Tables.numel());
        dense = (int)model.Bottom[0].weight.shape[1];
        Check(samples, likes, model.Tables.shape[0]);
        ids = new int[batch * tableCount];
        networks = new JoinedNetworks(model.Bottom, model.Top, Gradients, tableCount * width, NativeFloats.Of(likes), batch);
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
        networks.Forward(from, until);
        networks.Backward(from, until, Positions);
        Meet();
        networks.WeightGradients(thread, Threads);
        // One after the other, because samples share rows.
        if (thread == Threads - 1) AddRows();
    }

    // The rows of the tables into the top network's input, the dense numbers into the bottom network's.
    void LookUp(int sample)
    {
        var from = samples + (nint)Positions[sample] * (tableCount + dense);
        var to = networks.Rows(sample);
        for (var table = 0; table < tableCount; table++)
        {
            var id = ids[sample * tableCount + table] = (int)from[table];
            new Span<float>(tables + (nint)id * width, width).CopyTo(new(to + table * width, width));
        }
        new Span<float>(from + tableCount, dense).CopyTo(new(networks.Dense(sample), dense));
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
                var from = networks.RowGradients(sample) + table * width;
                for (var i = 0; i < width; i++) to[i] += from[i];
            }
        }
    }

    protected override float Loss() => networks.Loss();

    public override void Dispose()
    {
        networks.Dispose();
        base.Dispose();
        GC.SuppressFinalize(this);
    }
}

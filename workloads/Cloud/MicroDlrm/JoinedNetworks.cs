using MlPerfEdu.Numerics;
using TorchSharp.Modules;

namespace MlPerfEdu.Workloads.Cloud.MicroDlrm;

/// <summary>
/// The two networks of a recommendation: a sample's dense numbers go through the bottom one, whose outputs and rows of the tables go side by side
/// through the top one, to a logit and its binary cross entropy. A thread takes columns of its own, a column per sample.
/// </summary>
sealed unsafe class JoinedNetworks : IDisposable
{
    readonly LayerChain bottom, top;
    readonly int batch, looked, joined;
    readonly float* likes;
    readonly NativeFloats losses, ofRows;

    /// <param name="looked">Numbers that a sample's rows come to.</param>
    /// <param name="likes">The answers of all samples.</param>
    public JoinedNetworks(IEnumerable<Linear> bottom, IEnumerable<Linear> top, FlatGradients gradients, int looked, float* likes, int batch)
    {
        this.bottom = new LayerChain([.. bottom.Select(gradients.Layer)], Activation.Relu, batch, lastIsActive: true);
        this.top = new LayerChain([.. top.Select(gradients.Layer)], Activation.Relu, batch, inputHasGradient: true);
        (this.batch, this.looked) = (batch, looked);
        this.likes = likes;
        joined = (int)top.First().weight.shape[1];
        losses = new NativeFloats(this.top.Columns);
        ofRows = new NativeFloats(this.top.Columns * Filled(joined));
    }

    /// <summary>Where a sample's dense numbers go.</summary>
    public float* Dense(int sample) => bottom.Row(sample);

    /// <summary>Where a sample's rows go.</summary>
    public float* Rows(int sample) => top.Row(sample);

    /// <summary>The gradient of a sample's rows.</summary>
    public float* RowGradients(int sample) => ofRows.Address + (nint)sample * Filled(joined);

    public void Forward(int from, int until)
    {
        bottom.Forward(from, until);
        Join(from, until);
        top.Forward(from, until);
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

    /// <summary>Losses, and gradients of whatever lies in front of the weights.</summary>
    /// <param name="positions">Of the batch among all samples.</param>
    public void Backward(int from, int until, ReadOnlySpan<long> positions)
    {
        for (var sample = from; sample < Math.Min(until, batch); sample++) Compare(sample, likes[positions[sample]]);
        top.Backward(from, until);
        for (var i = looked; i < joined; i++)
        {
            new Span<float>(top.InputGradients + i * top.Stride + from, until - from)
                .CopyTo(new(bottom.OutputGradients + (i - looked) * bottom.Stride + from, until - from));
        }
        bottom.Backward(from, until);
        Transposition.Of(top.InputGradients + from, top.Stride, Filled(joined), until - from, RowGradients(from), Filled(joined));
    }

    // max(x, 0) − x·y + log(1 + exp(−|x|)), and (σ(x) − y) / B
    void Compare(int sample, float y)
    {
        var x = top.Outputs[sample];
        var small = MathF.Exp(-MathF.Abs(x));
        losses.Address[sample] = MathF.Max(x, 0) - x * y + MathF.Log(1 + small);
        top.OutputGradients[sample] = ((x >= 0 ? 1 : small) / (1 + small) - y) / batch;
    }

    /// <summary>A thread's share, once all threads are through with <see cref="Backward"/>.</summary>
    public void WeightGradients(int thread, int threads)
    {
        bottom.WeightGradients(batch, thread, threads);
        top.WeightGradients(batch, thread, threads);
    }

    /// <summary>The mean loss of the batch.</summary>
    public float Loss()
    {
        var sum = 0.0;
        for (var sample = 0; sample < batch; sample++) sum += losses.Address[sample];
        return (float)(sum / batch);
    }

    // Transpositions take squares of four.
    static int Filled(int count) => (count + 3) / 4 * 4;

    public void Dispose()
    {
        bottom.Dispose();
        top.Dispose();
        losses.Dispose();
        ofRows.Dispose();
    }
}

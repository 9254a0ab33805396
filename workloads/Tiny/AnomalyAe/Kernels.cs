using System.Numerics;
using MlPerfEdu.Numerics;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Tiny.AnomalyAe;

/// <summary><see cref="AnomalyAeModel"/> and its mean squared error, forwards and backwards, in one call.</summary>
sealed unsafe class FusedAnomalyAe : SupervisedFusedStep
{
    // [N, inputs], which the workload keeps.
    readonly float* figures;
    readonly LayerChain chain;
    readonly int inputs;
    // Of each sample.
    readonly NativeFloats errors;

    public FusedAnomalyAe(AnomalyAeModel model, Tensor figures, int batch, int? threads = null) : base(model, batch, Macs(model, batch), threads)
    {
        this.figures = NativeFloats.Of(figures);
        inputs = (int)figures.shape[1];
        // Kernels do not look where they read.
        var (read, rebuilt) = (model.Layers[0].weight.shape[1], model.Layers[^1].weight.shape[0]);
        if (read != inputs || rebuilt != inputs)
            throw new ArgumentException($"A model that reads {read} numbers and rebuilds {rebuilt}, for samples of {inputs}; expected as many.", nameof(model));
        chain = new LayerChain([.. model.Layers.Select(Gradients.Layer)], Activation.Relu, batch);
        errors = new NativeFloats(chain.Columns);
    }

    static long Macs(AnomalyAeModel model, int batch) => batch * model.Layers.Sum(layer => layer.weight.numel());

    protected override void Part(int thread)
    {
        var (from, until) = Columns(thread, Batch);
        for (var sample = from; sample < Math.Min(until, Batch); sample++)
            new Span<float>(figures + (nint)Positions[sample] * inputs, inputs).CopyTo(new(chain.Row(sample), inputs));
        chain.Forward(from, until);
        Compare(from, until);
        chain.Backward(from, until);
        Meet();
        chain.WeightGradients(Batch, thread, Threads);
    }

    // Σ (y − x)² of each sample, and 2·(y − x) / (B · inputs).
    void Compare(int from, int until)
    {
        var scale = new Vector<float>(2f / ((float)Batch * inputs));
        for (var column = from; column < until; column += Vector<float>.Count)
        {
            var sum = Vector<float>.Zero;
            float* y = chain.Outputs + column, x = chain.Inputs + column, gradient = chain.OutputGradients + column;
            for (var i = 0; i < inputs; i++, y += chain.Stride, x += chain.Stride, gradient += chain.Stride)
            {
                var difference = Vector.Load(y) - Vector.Load(x);
                sum += difference * difference;
                (difference * scale).Store(gradient);
            }
            sum.Store(errors.Address + column);
        }
    }

    protected override float Loss()
    {
        var sum = 0.0;
        for (var sample = 0; sample < Batch; sample++) sum += errors.Address[sample];
        return (float)(sum / ((double)Batch * inputs));
    }

    public override void Dispose()
    {
        chain.Dispose();
        errors.Dispose();
        base.Dispose();
        GC.SuppressFinalize(this);
    }
}

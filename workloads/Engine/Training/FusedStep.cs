using MlPerfEdu.Numerics;
using MlPerfEdu.Roofline.Count;
using static TorchSharp.torch.nn;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace MlPerfEdu.Engine.Training;

/// <summary>
/// The forward and the backward pass of a small model as one call of this project's kernels, with no operator of libtorch between the batch and
/// the gradients: a step of a hundred operators spends most of its time on calling them. The model itself stays the plain form of it.
/// </summary>
public abstract class FusedStep : IDisposable
{
    // Multiply-adds of a step for which waking other threads pays.
    const long WorthThreads = 1 << 23;

    readonly ThreadTeam? team;
    readonly Action<int> part;

    /// <param name="trained">They keep their storage for life.</param>
    /// <param name="macs">Multiply-adds of a forward pass.</param>
    /// <param name="threads">When absent, as many as pay for this much work.</param>
    protected FusedStep(IEnumerable<Parameter> trained, long macs, int? threads)
    {
        Gradients = new FlatGradients(trained);
        Threads = threads ?? (3 * macs >= WorthThreads ? get_num_threads() : 1);
        team = Threads > 1 ? ThreadTeam.Of(Threads) : null;
        part = Part;
    }

    /// <summary>Of all parameters, after each call.</summary>
    public FlatGradients Gradients { get; }

    protected int Threads { get; }

    /// <summary>
    /// What the layers of the plain form cost in here: an activation is applied where the product before it lies, and branches are written side
    /// by side at once, so neither moves bytes. libtorch is called for none of it.
    /// </summary>
    public static StepCount Count(StepCount plain) => plain with { Layers = [.. plain.Layers.Select(Count)] };

    static LayerCount Count(LayerCount layer)
    {
        var moves = layer.Kind is not ("relu" or "tanh" or "concat");
        return layer with
        {
            Forward = Uncalled(layer.Forward),
            DataGradient = Uncalled(layer.DataGradient),
            WeightGradient = Uncalled(layer.WeightGradient),
            UniqueBytes = moves ? layer.UniqueBytes : 0,
            Operators = [],
        };

        Work Uncalled(Work work) => work with { Calls = 0, Bytes = moves ? work.Bytes : 0 };
    }

    /// <summary>All threads, each with its number.</summary>
    protected void RunParts()
    {
        if (team is null) Part(0);
        else team.Run(part);
    }

    protected abstract void Part(int thread);

    /// <summary>Returns when all threads have called it.</summary>
    protected void Meet() => team?.Meet();

    /// <summary>Samples of a thread: whole blocks of a <see cref="LayerChain"/>, the last of which may reach beyond the batch.</summary>
    protected (int From, int Until) Columns(int thread, int samples)
    {
        var blocks = (samples + LayerChain.Block - 1) / LayerChain.Block;
        return (blocks * thread / Threads * LayerChain.Block, blocks * (thread + 1) / Threads * LayerChain.Block);
    }

    public virtual void Dispose()
    {
        Gradients.Dispose();
        GC.SuppressFinalize(this);
    }
}

/// <summary>A <see cref="FusedStep"/> on samples of a <see cref="SupervisedWorkload"/>.</summary>
public abstract class SupervisedFusedStep(Module<Tensor, Tensor> model, int batch, long macs, int? threads)
    : FusedStep(model.parameters(), macs, threads)
{
    readonly long[] positions = new long[batch];

    protected int Batch => positions.Length;

    /// <summary>Positions of the batch among the training samples.</summary>
    protected ReadOnlySpan<long> Positions => positions;

    /// <summary>What the layers of the plain form come to in this step.</summary>
    public virtual StepCount CountOf(StepCount plain) => Count(plain);

    /// <returns>The mean loss of the batch.</returns>
    public float Backward(ReadOnlySpan<long> chosen)
    {
        chosen.CopyTo(positions);
        RunParts();
        return Loss();
    }

    protected abstract float Loss();
}

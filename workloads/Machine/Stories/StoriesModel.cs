using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using F = MlPerfEdu.Roofline.Count.Counted;

namespace MlPerfEdu.Workloads.Machine.Stories;

/// <summary>A LLaMA-style language model of V tokens whose classifier is its embedding table, [V, D]; batch 1.</summary>
sealed class StoriesModel : IDisposable
{
    readonly Parameter table, finalNorm;
    readonly AttentionCore core;
    readonly StoriesLayer[] layers;

    public StoriesModel(StoriesSize size, long seed, ScalarType dtype = ScalarType.Float32)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(seed);
        core = new AttentionCore(size, dtype);
        table = Initial.Uniform(EmbeddingLimit, dtype, size.Vocabulary, size.Width);
        layers = [.. Enumerable.Range(0, size.Layers).Select(_ => new StoriesLayer(size, core, dtype))];
        finalNorm = Parameter(ones(size.Width, dtype: dtype));
        Parameters = [table, .. layers.SelectMany(layer => layer.Parameters), finalNorm];
        scope.Detach(Parameters);
        core.KeepBeyond(scope);
    }

    const double EmbeddingLimit = 0.02;

    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>The mean loss of predicting each next token; its gradients are left to the stages.</summary>
    /// <param name="tokens">[S]</param>
    /// <param name="targets">[S]</param>
    public Tensor Loss(Tensor tokens, Tensor targets, IStages stages)
    {
        var logits = Logits(tokens, stages);
        return stages.Run(StepPart.Loss, () => F.cross_entropy(logits, targets));
    }

    // [S] → [S, V]
    public Tensor Logits(Tensor tokens, IStages stages)
    {
        // Into the table's gradient that the classifier has left, instead of into one more of that size.
        var x = stages.Run(
            StepPart.Embedding, () => F.embedding(tokens, table), gradient => table.grad!.index_add_(0, tokens, gradient, 1));
        foreach (var layer in layers) x = layer.Forward(x, stages);
        var normal = Norm.Run(stages, x, finalNorm);
        return stages.Run(StepPart.Classifier, () => F.linear(normal, table));
    }

    public void Dispose()
    {
        foreach (var parameter in Parameters) parameter.Dispose();
        core.Dispose();
    }
}

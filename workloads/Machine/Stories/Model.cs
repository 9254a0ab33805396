using TorchSharp.Modules;
using TorchSharp;
using static TorchSharp.torch.nn;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Machine.Stories;

/// <summary>The sizes of one LLaMA-style model.</summary>
sealed record StoriesSize(int Width, int Hidden, int Layers, int Heads, int KeyValueHeads, int Vocabulary, int Positions)
{
    public int Head => Width / Heads;

    /// <summary>Queries, keys and values side by side.</summary>
    public int Projected => Width + 2 * Head * KeyValueHeads;

    public long Parameters => (long)Layers * (Width * (Projected + Width + 3L * Hidden) + 2 * Width) + (long)Vocabulary * Width + Width;

    /// <summary>As the family names its members: 110M, 15M, 260K.</summary>
    public string Name => Parameters >= 1_000_000 ? $"{Math.Round(Parameters / 1e6)}M" : $"{Math.Round(Parameters / 1e3)}K";

    public IReadOnlyDictionary<string, double> At => new Dictionary<string, double>(StringComparer.Ordinal) { ["parameters"] = Parameters };

    public static IReadOnlyList<StoriesSize> All(Geometry geometry)
    {
        string[] names = ["width", "hidden", "layers", "heads", "key_value_heads", "vocabulary", "positions"];
        var lists = names.Select(geometry.Ints).ToArray();
        if (Array.FindIndex(lists, list => list.Count != lists[0].Count) is >= 0 and var odd)
            throw geometry.Refuse(names[odd], $"as many numbers as in {names[0]}, one per model");

        return
        [
            .. lists[0].Select((_, i) => lists.Select(list => list[i]).ToArray())
                .Select(size => new StoriesSize(size[0], size[1], size[2], size[3], size[4], size[5], size[6])),
        ];
    }
}

/// <summary>A LLaMA-style language model of V tokens whose classifier is its embedding table, [V, D]; batch 1.</summary>
sealed class StoriesModel : IDisposable
{
    readonly Parameter table, finalNorm;
    readonly AttentionCore core;
    readonly StoriesLayer[] layers;

    /// <param name="precision">Of the products with weights; that of <paramref name="dtype"/> when absent.</param>
    public StoriesModel(StoriesSize size, long seed, ScalarType dtype = ScalarType.Float32, PrecisionChoice? precision = null)
    {
        Products = new(precision ?? PrecisionChoice.Fp32);
        using var scope = NewDisposeScope();
        random.manual_seed(seed);
        core = new AttentionCore(size, dtype);
        table = Uniform(EmbeddingLimit, dtype, size.Vocabulary, size.Width);
        layers = [.. Enumerable.Range(0, size.Layers).Select(_ => new StoriesLayer(size, core, Products, dtype))];
        finalNorm = Parameter(ones(size.Width, dtype: dtype));
        Parameters = [table, .. layers.SelectMany(layer => layer.Parameters), finalNorm];
        scope.Detach(Parameters);
        core.KeepBeyond(scope);
    }

    const double EmbeddingLimit = 0.02;

    public IReadOnlyList<Parameter> Parameters { get; }

    public ModelProducts Products { get; }

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
        return stages.Run(StepPart.Classifier, () => F.cast(Products.Linear(normal, table), normal.dtype));
    }

    public static Parameter Uniform(double limit, ScalarType dtype, params long[] shape) =>
        Parameter(empty(shape, dtype: dtype).uniform_(-limit, limit));

    public void Dispose()
    {
        foreach (var parameter in Parameters) parameter.Dispose();
        core.Dispose();
        Products.Dispose();
    }
}

/// <summary>
/// One layer of LLaMA (Touvron et al., 2023): x + attention(norm(x)), then x + down(silu(gate(n))·up(n)) with n = norm(x).
/// S positions, D wide, F hidden. Weights are [outputs, inputs], so that their rows meet rows of activations in every product of a step;
/// the sum after a product is part of the product.
/// </summary>
sealed class StoriesLayer
{
    readonly AttentionCore core;
    readonly ModelProducts products;
    readonly Parameter attentionNorm, queryKeyValue, output, ffnNorm, gate, up, down;

    public StoriesLayer(StoriesSize size, AttentionCore core, ModelProducts products, ScalarType dtype)
    {
        (this.core, this.products) = (core, products);
        var narrow = 1 / Math.Sqrt(size.Width);
        // What is added to the residual stream, twice a layer, keeps its variance.
        var residual = narrow / Math.Sqrt(2.0 * size.Layers);
        var wide = 1 / Math.Sqrt(size.Hidden);
        attentionNorm = Parameter(ones(size.Width, dtype: dtype));
        queryKeyValue = StoriesModel.Uniform(narrow, dtype, size.Projected, size.Width);
        output = StoriesModel.Uniform(residual, dtype, size.Width, size.Width);
        ffnNorm = Parameter(ones(size.Width, dtype: dtype));
        gate = StoriesModel.Uniform(wide, dtype, size.Hidden, size.Width);
        up = StoriesModel.Uniform(wide, dtype, size.Hidden, size.Width);
        down = StoriesModel.Uniform(residual, dtype, size.Width, size.Hidden);
    }

    public IReadOnlyList<Parameter> Parameters => [attentionNorm, queryKeyValue, output, ffnNorm, gate, up, down];

    // x [S, D] → [S, D]
    public Tensor Forward(Tensor x, IStages stages)
    {
        var normal = Norm.Run(stages, x, attentionNorm);
        // [S, D] → [S, D + 2·G·d]
        var projected = stages.Run(StepPart.AttentionLinear, () => F.cast(products.Linear(normal, queryKeyValue), x.dtype));
        var attended = stages.Run(StepPart.AttentionCore, () => core.Forward(projected));
        var middle = stages.Run(StepPart.AttentionLinear, () => products.AddLinear(x, attended, output));
        var again = Norm.Run(stages, middle, ffnNorm);
        // [S, D] → [S, F] twice → [S, D]
        return stages.Run(
            StepPart.Ffn, () => products.AddLinear(middle, F.mul(F.silu(products.Linear(again, gate)), products.Linear(again, up)), down));
    }
}

/// <summary>
/// Causal attention without its products with weights: rotary positions (Su et al., 2021), scores, softmax, values. H query heads, G heads
/// of keys and values, d numbers each; H/G query heads share one of those (Ainslie et al., 2023) by standing below one another in its
/// product.
/// </summary>
sealed class AttentionCore : IDisposable
{
    const double RotaryBase = 10_000;

    readonly StoriesSize size;
    readonly Tensor mask, rotation;

    public AttentionCore(StoriesSize size, ScalarType dtype)
    {
        this.size = size;
        var sharing = size.Heads / size.KeyValueHeads;
        // [H/G·S, S], −∞ where a key is later than its query
        mask = full(size.Positions, size.Positions, double.NegativeInfinity, dtype: dtype).triu_(1).repeat(sharing, 1);
        // Numbers 2i and 2i+1 of a head are a complex number, turned by position·base^(−2i/d): [S, 1, d/2]
        var angles = arange(0, size.Positions, dtype: float64).unsqueeze(1)
            * pow(RotaryBase, arange(0, size.Head, 2, dtype: float64).mul(-1.0 / size.Head));
        rotation = view_as_complex(stack([angles.cos().to(dtype), angles.sin().to(dtype)], -1)).unsqueeze(1);
    }

    public void KeepBeyond(DisposeScope scope) => scope.Detach(mask, rotation);

    // [S, (H + 2·G)·d] → [S, H·d]
    public Tensor Forward(Tensor projected)
    {
        int s = size.Positions, h = size.Heads, g = size.KeyValueHeads, d = size.Head;
        var parts = projected.view(s, h + 2 * g, d).split([h + g, g], 1);
        var turned = view_as_real(view_as_complex(parts[0].unflatten(2, d / 2, 2)) * rotation).flatten(2).split([h, g], 1);
        if (ModuleCounter.Active is { } counter)
        {
            var row = RotaryCount.Of(counter.Name("rotary"), projected.shape, s * (h + g) * d, s * d, projected.requires_grad);
            counter.Add(row, projected, [projected]);
        }
        var queries = turned[0].transpose(0, 1).reshape(g, h / g * s, d);
        var keys = turned[1].permute(1, 2, 0);
        var values = parts[1].transpose(0, 1);
        // [G, H/G·S, S]
        var weights = F.softmax(F.bmm(queries * (1 / Math.Sqrt(d)), keys, "scores") + mask, isScaled: true, isCausal: true);
        return F.bmm(weights, values, "values").view(h, s, d).transpose(0, 1).reshape(s, h * d);
    }

    public void Dispose()
    {
        mask.Dispose();
        rotation.Dispose();
    }
}

/// <summary>The norm as a stage, with the gradient that is written out instead of kept.</summary>
static class Norm
{
    public const double Epsilon = 1e-5;

    public static Tensor Run(IStages stages, Tensor x, Parameter weight) =>
        stages.Run(StepPart.Norm, () => F.rms_norm(x, weight, RootMeanSquareNorm.Forward(x, weight, Epsilon)), gradient =>
        {
            var (input, own) = RootMeanSquareNorm.Backward(x, weight, gradient, Epsilon);
            Gradients.Add(x, input);
            Gradients.Add(weight, own);
        });
}

using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MlPerfEdu.Workloads.Cloud.NanoGpt;

/// <summary>The sizes of a <see cref="NanoGptModel"/>.</summary>
/// <param name="Context">The most positions that the model has vectors for.</param>
public sealed record NanoGptGeometry(int Layers, int Width, int Heads, int Vocabulary, int Context)
{
    /// <summary>An MLP is this many times as wide as what it reads.</summary>
    public const int MlpRatio = 4;

    public static NanoGptGeometry From(Geometry sizes) =>
        new(sizes.Int("layers"), sizes.Int("width"), sizes.Int("heads"), sizes.Int("vocabulary"), sizes.Int("context"));

    public int Head => Width / Heads;
}

/// <summary>
/// A decoder of characters after GPT-2 (Radford et al., 2019) and nanoGPT: learned positions, layers that normalise what they read, and a
/// head that is the embedding table. B samples of T positions stand below one another, N = B·T rows of D numbers; V characters.
/// </summary>
public sealed class NanoGptModel : Module<Tensor, Tensor>, IModelProducts, IPlainForm, IGrowingModel
{
    const double InitialDeviation = 0.02, LongestWave = 10_000;

    readonly Embedding tokens, positions;
    readonly ModuleList<NanoGptLayer> layers = new();
    readonly LayerNorm norm;

    /// <param name="precision">Of the products with weights; fp32 when absent.</param>
    public NanoGptModel(NanoGptGeometry geometry, PrecisionChoice? precision = null) : base(nameof(NanoGptModel))
    {
        Geometry = geometry;
        Products = new(precision ?? PrecisionChoice.Fp32);
        tokens = Embedding(geometry.Vocabulary, geometry.Width);
        positions = Embedding(geometry.Context, geometry.Width);
        for (var i = 0; i < geometry.Layers; i++) layers.Add(new NanoGptLayer(geometry, Products));
        norm = LayerNorm(geometry.Width);
        RegisterComponents();
        Initialise();
        ActiveLayers = geometry.Layers;
    }

    public NanoGptGeometry Geometry { get; }

    public ModelProducts Products { get; }

    /// <summary>Its products are fp32, whatever their precision otherwise.</summary>
    public bool IsPlain
    {
        get => Products.IsPlain;
        set => Products.IsPlain = value;
    }

    internal ModuleList<NanoGptLayer> Layers => layers;

    public int LayerCount => layers.Count;

    public int ActiveLayers
    {
        get;
        set
        {
            field = value;
            foreach (var (i, layer) in layers.Index())
            {
                foreach (var parameter in layer.parameters()) parameter.requires_grad = i < value;
            }
        }
    }

    // tokens [B, T] → logits [B, T, V]
    public override Tensor forward(Tensor input)
    {
        long batch = input.shape[0], length = input.shape[1];
        var x = Embed(input, 0).view(batch * length, Geometry.Width);         // [N, D]
        foreach (var layer in layers.Take(ActiveLayers)) x = layer.call(x, batch);
        return Classify(x).view(batch, length, Geometry.Vocabulary);
    }

    /// <param name="input">[B, T], the first of them at position <paramref name="start"/>.</param>
    /// <returns>[B, T, D]</returns>
    internal Tensor Embed(Tensor input, long start) => F.add_positions(tokens.call(input), positions.weight!, start);

    /// <summary>Of rows that are at different places, [N] each → [N, D].</summary>
    internal Tensor EmbedRows(Tensor input, Tensor places) => F.add(tokens.call(input), positions.call(places));

    // [N, D] → [N, V]
    internal Tensor Classify(Tensor x) => F.cast(Products.Linear(norm.call(x), tokens.weight!), float32);

    /// <summary>Positions start as waves (Vaswani et al., 2017) instead: a head that finds a neighbour at one of them finds it at all.</summary>
    internal void InitialisePositions(double deviation)
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        var half = Geometry.Width / 2;
        var frequencies = pow(LongestWave, arange(half) / -(double)half);
        var angles = arange(Geometry.Context).unsqueeze(1) * frequencies;                   // [positions, D/2]
        positions.weight!.copy_(stack([angles.sin(), angles.cos()], -1).view(-1, Geometry.Width) * (deviation * Math.Sqrt(2)));
    }

    /// <summary>The layers from here on add nothing until they are trained, so that the model computes the same when they join.</summary>
    internal void Silence(int first)
    {
        foreach (var layer in layers.Skip(first)) layer.Initialise(InitialDeviation, residualDeviation: 0);
    }

    /// <summary>The first layer begins by handing on the mean of what a token sees: a word that was read is likelier to be written from the first step on.</summary>
    internal void InitialiseCopying() => layers[0].InitialiseCopying();

    // As GPT-2: what is added to the residual stream, twice a layer, keeps its variance.
    internal void Initialise()
    {
        var residual = InitialDeviation / Math.Sqrt(2.0 * Geometry.Layers);
        init.normal_(tokens.weight!, 0, InitialDeviation);
        init.normal_(positions.weight!, 0, InitialDeviation);
        foreach (var layer in layers) layer.Initialise(InitialDeviation, residual);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) Products.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>x + attention(norm(x)), then x + mlp(norm(x)).</summary>
public sealed class NanoGptLayer : Module<Tensor, long, Tensor>, IPlainForm
{
    readonly int heads;
    readonly ModelProducts products;
    readonly LayerNorm attentionNorm, mlpNorm;
    readonly Linear queryKeyValue, output, up, down;

    public NanoGptLayer(NanoGptGeometry geometry, ModelProducts products) : base(nameof(NanoGptLayer))
    {
        this.products = products;
        var (width, hidden) = (geometry.Width, NanoGptGeometry.MlpRatio * geometry.Width);
        heads = geometry.Heads;
        attentionNorm = LayerNorm(width);
        queryKeyValue = Linear(width, 3 * width);
        output = Linear(width, width);
        mlpNorm = LayerNorm(width);
        up = Linear(width, hidden);
        down = Linear(hidden, width);
        RegisterComponents();
    }

    /// <summary>Attention by libtorch's operators instead of the kernel of Kernels.cs, which computes the same several times faster.</summary>
    public bool IsPlain { get; set; }

    // x [N, D] → [N, D]
    public override Tensor forward(Tensor x, long batch) => Mlp(Project(Attend(QueryKeyValue(x), batch, IsPlain), x));

    /// <summary>What the heads make of queries, keys and values, [N, 3·D] → [N, D].</summary>
    internal Tensor Attend(Tensor projected, long batch, bool isPlain) => isPlain
        ? PlainAttention(F.cast(projected, float32), batch, heads)
        : CausalAttention.Of(projected, batch, heads);

    /// <summary>Causal attention (Vaswani et al., 2017): softmax(mask(q·kᵀ / √d))·v for H heads of d numbers.</summary>
    /// <param name="projected">[N, 3·D]: queries, keys and values side by side.</param>
    /// <returns>[N, D]</returns>
    public static Tensor PlainAttention(Tensor projected, long batch, int heads)
    {
        long length = projected.shape[0] / batch, width = projected.shape[1] / 3, head = width / heads;
        var parts = projected.view(batch, length, 3, heads, head).permute(2, 0, 3, 1, 4);
        Tensor q = parts[0], k = parts[1], v = parts[2];                      // [B, H, T, d] each
        var mask = full(length, length, float.NegativeInfinity).triu_(1);     // −∞ where a key is later than its query
        var scores = F.matmul(q, k.transpose(2, 3), "scores") / Math.Sqrt(head) + mask;                 // [B, H, T, T]
        var attended = F.matmul(F.softmax(scores, isScaled: true, isCausal: true), v, "values");        // [B, H, T, d]
        return attended.transpose(1, 2).reshape(batch * length, width);
    }

    /// <summary>[N, D] → [N, 3·D]: queries, keys and values side by side.</summary>
    internal Tensor QueryKeyValue(Tensor x) => products.Linear(nameof(queryKeyValue), queryKeyValue, Normalise(x));

    /// <summary>What queries, keys and values are products of, [N, D].</summary>
    internal Tensor Normalise(Tensor x) => attentionNorm.call(x);

    internal Linear Projection => queryKeyValue;

    /// <summary>What the heads make of it, [N, D], into the residual stream x, [N, D].</summary>
    internal Tensor Project(Tensor attended, Tensor x) => F.add(x, products.Linear(nameof(output), output, attended));

    // [N, D] → [N, 4·D] → [N, D]
    internal Tensor Mlp(Tensor x)
    {
        var hidden = F.gelu(products.Linear(nameof(up), up, mlpNorm.call(x)));
        return F.add(x, products.Linear(nameof(down), down, hidden));
    }

    // Trockman and Kolter, 2023: values and output begin near the identity.
    internal void InitialiseCopying()
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        var width = output.weight.shape[0];
        queryKeyValue.weight.narrow(0, 2 * width, width).add_(eye(width));
        output.weight.add_(eye(width));
    }

    internal void Initialise(double deviation, double residualDeviation)
    {
        var spreads = new[] { (queryKeyValue, deviation), (output, residualDeviation), (up, deviation), (down, residualDeviation) };
        foreach (var (layer, spread) in spreads)
        {
            init.normal_(layer.weight, 0, spread);
            init.zeros_(layer.bias!);
        }
    }
}

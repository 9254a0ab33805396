using MlPerfEdu.Workloads.Cloud.NanoGpt;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Cloud.NanoMoe;

/// <summary>The sizes of a <see cref="NanoMoeModel"/>.</summary>
/// <param name="Hidden">Of each expert.</param>
/// <param name="Chosen">Experts that a token is sent to.</param>
/// <param name="Context">The most positions that the model has vectors for.</param>
public sealed record NanoMoeGeometry(int Layers, int Width, int Heads, int Experts, int Hidden, int Chosen, int Vocabulary, int Context)
{
    public static NanoMoeGeometry From(Geometry sizes) => new(
        sizes.Int("layers"), sizes.Int("width"), sizes.Int("heads"), sizes.Int("experts"), sizes.Int("hidden"), sizes.Int("chosen"),
        sizes.Int("vocabulary"), sizes.Int("context"));
}

/// <summary>
/// A decoder of characters whose layers have a mixture of experts (Shazeer et al., 2017) where others have one MLP. B samples of T positions stand
/// below one another, N = B·T rows of D numbers; V characters, E experts.
/// </summary>
public sealed class NanoMoeModel : Module<Tensor, Tensor>
{
    const double InitialDeviation = 0.02;

    readonly Embedding tokens, positions;
    readonly ModuleList<NanoMoeLayer> layers = new();
    readonly LayerNorm norm;
    readonly Linear head;

    public NanoMoeModel(NanoMoeGeometry geometry) : base(nameof(NanoMoeModel))
    {
        Geometry = geometry;
        tokens = Embedding(geometry.Vocabulary, geometry.Width);
        positions = Embedding(geometry.Context, geometry.Width);
        for (var i = 0; i < geometry.Layers; i++) layers.Add(new NanoMoeLayer(geometry));
        norm = LayerNorm(geometry.Width);
        head = Linear(geometry.Width, geometry.Vocabulary, hasBias: false);
        RegisterComponents();
        Initialise();
    }

    public NanoMoeGeometry Geometry { get; }

    internal Embedding Tokens => tokens;

    internal Embedding Positions => positions;

    internal IReadOnlyList<NanoMoeLayer> Layers => [.. layers];

    internal LayerNorm Norm => norm;

    internal Linear Head => head;

    // tokens [B, T] → logits [B, T, V]
    public override Tensor forward(Tensor input) => Predict(input, null);

    /// <param name="routed">Told of each layer, and which experts its tokens go to.</param>
    internal Tensor Predict(Tensor input, Action<int, Tensor>? routed)
    {
        long batch = input.shape[0], length = input.shape[1];
        var x = F.add_positions(tokens.call(input), positions.weight!).view(batch * length, Geometry.Width);     // [N, D]
        foreach (var (i, layer) in layers.Index())
        {
            layer.Mixture.Routed = routed is null ? null : ids => routed(i, ids);
            x = layer.call(x, batch);
        }
        return head.call(norm.call(x)).view(batch, length, Geometry.Vocabulary);
    }

    // As GPT-2: what is added to the residual stream, twice a layer, keeps its variance.
    void Initialise()
    {
        var residual = InitialDeviation / Math.Sqrt(2.0 * Geometry.Layers);
        init.normal_(tokens.weight!, 0, InitialDeviation);
        init.normal_(positions.weight!, 0, InitialDeviation);
        init.normal_(head.weight, 0, InitialDeviation);
        foreach (var layer in layers) layer.Initialise(InitialDeviation, residual);
    }
}

/// <summary>x + attention(norm(x)), then x + experts(norm(x)).</summary>
public sealed class NanoMoeLayer : Module<Tensor, long, Tensor>, IPlainForm
{
    readonly int heads;
    readonly LayerNorm attentionNorm, expertNorm;
    readonly Linear queryKeyValue, output;
    readonly ExpertMixture mixture;

    public NanoMoeLayer(NanoMoeGeometry geometry) : base(nameof(NanoMoeLayer))
    {
        heads = geometry.Heads;
        attentionNorm = LayerNorm(geometry.Width);
        queryKeyValue = Linear(geometry.Width, 3 * geometry.Width);
        output = Linear(geometry.Width, geometry.Width);
        expertNorm = LayerNorm(geometry.Width);
        mixture = new ExpertMixture(geometry);
        RegisterComponents();
    }

    /// <summary>Attention by libtorch's operators instead of nanogpt-train's kernel.</summary>
    public bool IsPlain { get; set; }

    internal LayerNorm AttentionNorm => attentionNorm;

    internal LayerNorm ExpertNorm => expertNorm;

    internal Linear QueryKeyValue => queryKeyValue;

    internal Linear Output => output;

    internal ExpertMixture Mixture => mixture;

    // x [N, D] → [N, D]
    public override Tensor forward(Tensor x, long batch)
    {
        var projected = queryKeyValue.call(attentionNorm.call(x));                                                // [N, 3·D]
        var attended = IsPlain ? NanoGptLayer.PlainAttention(projected, batch, heads) : CausalAttention.Of(projected, batch, heads);
        x = F.add(x, output.call(attended));
        return F.add(x, mixture.call(expertNorm.call(x)));
    }

    internal void Initialise(double deviation, double residualDeviation)
    {
        init.normal_(queryKeyValue.weight, 0, deviation);
        init.normal_(output.weight, 0, residualDeviation);
        init.zeros_(queryKeyValue.bias!);
        init.zeros_(output.bias!);
        mixture.Initialise(deviation, residualDeviation);
    }
}

/// <summary>
/// Each token goes to the few experts to which the router gives the largest probabilities; what they answer is added up with these
/// probabilities, divided by their sum.
/// </summary>
public sealed class ExpertMixture : Module<Tensor, Tensor>
{
    readonly int chosen;
    readonly Linear router;
    readonly ModuleList<Expert> experts = new();

    public ExpertMixture(NanoMoeGeometry geometry) : base(nameof(ExpertMixture))
    {
        chosen = geometry.Chosen;
        router = Linear(geometry.Width, geometry.Experts, hasBias: false);
        for (var i = 0; i < geometry.Experts; i++) experts.Add(new Expert(geometry.Width, geometry.Hidden));
        RegisterComponents();
    }

    internal Linear Router => router;

    internal IReadOnlyList<Expert> Experts => [.. experts];

    /// <summary>Told which experts the tokens go to.</summary>
    internal Action<Tensor>? Routed { get; set; }

    // x [N, D] → [N, D]; the tokens of an expert are one product each with its two matrices
    public override Tensor forward(Tensor x)
    {
        var (weights, ids) = Route(x);                                                // [N, chosen] each
        Routed?.Invoke(ids);
        var sum = zeros_like(x);
        var tokens = new long[experts.Count];
        for (var e = 0; e < experts.Count; e++)
        {
            var places = ids.eq(e).nonzero();                                         // [n, 2]: a token, and which of its choices this is
            if ((tokens[e] = places.shape[0]) == 0) continue;
            var own = places.select(1, 0);
            var weight = weights.view(-1).index_select(0, own * chosen + places.select(1, 1)).unsqueeze(1);
            sum = sum.index_add(0, own, experts[e].call(x.index_select(0, own)) * weight, 1);
        }
        if (ModuleCounter.Active is { } counter) State(counter, tokens, x, sum);
        return sum;
    }

    /// <summary>The experts of each token, [N, chosen], and their weights, which add up to 1.</summary>
    internal (Tensor Weights, Tensor Ids) Route(Tensor x)
    {
        var (largest, ids) = F.softmax(router.call(x)).topk(chosen);
        return (largest / largest.sum(1, keepdim: true), ids);
    }

    // All experts are three rows: how many tokens each of them gets differs from batch to batch, and their sum does not.
    void State(ModuleCounter counter, IReadOnlyList<long> tokens, Tensor x, Tensor y)
    {
        Tensor?[] up = [.. experts.Select(expert => expert.Up.weight)], down = [.. experts.Select(expert => expert.Down.weight)];
        var gradients = new Gradients(Data: y.requires_grad, Weights: y.requires_grad);
        var (width, hidden) = (up[0]!.shape[1], up[0]!.shape[0]);
        counter.Add(ExpertCount.Linear(counter.Name("up"), tokens, width, hidden, gradients), y, [x], up);
        counter.Add(ExpertCount.Silu(counter.Name("silu"), tokens, hidden, gradients), y, []);
        counter.Add(ExpertCount.Linear(counter.Name("down"), tokens, hidden, width, gradients), y, [], down);
        counter.Add(ExpertCount.Join(counter.Name("join"), tokens, x.shape[0], width, gradients), y, []);
    }

    internal void Initialise(double deviation, double residualDeviation)
    {
        init.normal_(router.weight, 0, deviation);
        foreach (var expert in experts) expert.Initialise(deviation, residualDeviation);
    }
}

/// <summary>down(silu(up(x))), without biases.</summary>
public sealed class Expert : Module<Tensor, Tensor>
{
    readonly Linear up, down;

    public Expert(int width, int hidden) : base(nameof(Expert))
    {
        up = Linear(width, hidden, hasBias: false);
        down = Linear(hidden, width, hasBias: false);
        RegisterComponents();
    }

    internal Linear Up => up;

    internal Linear Down => down;

    // x [n, D] → [n, D]; not by calls of the layers, which would count each expert by itself
    public override Tensor forward(Tensor x) =>
        functional.linear(functional.silu(functional.linear(x, up.weight)), down.weight);

    internal void Initialise(double deviation, double residualDeviation)
    {
        init.normal_(up.weight, 0, deviation);
        init.normal_(down.weight, 0, residualDeviation);
    }
}

using MlPerfEdu.Workloads.Cloud.NanoGpt;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Cloud.NanoLoraFinetune;

/// <param name="Rank">r numbers between what an adapter reads and what it writes.</param>
/// <param name="Alpha">The adapters' sums are multiplied by alpha / r, so that another rank asks for no other learning rate.</param>
public sealed record LoraGeometry(int Rank, double Alpha)
{
    public static LoraGeometry From(Geometry sizes) => new(sizes.Int("rank"), sizes.Number("alpha"));

    public double Scale => Alpha / Rank;
}

/// <summary>
/// A trained decoder whose queries, keys and values each get a change of low rank (Hu et al., 2021). The decoder is frozen: its weights have no
/// gradients, no moments and no copy, and as many models as you like may stand on it. N rows of D numbers, as <see cref="NanoGptModel"/> has them.
/// </summary>
public sealed class NanoLoraModel : Module<Tensor, Tensor>, IPlainForm
{
    readonly NanoGptModel frozen;
    readonly ModuleList<LoraAdapter> adapters = new();

    /// <param name="frozen">Stays its owner's: neither trained, nor kept, nor disposed of with this model.</param>
    public NanoLoraModel(NanoGptModel frozen, LoraGeometry geometry) : base(nameof(NanoLoraModel))
    {
        this.frozen = frozen;
        foreach (var layer in frozen.Layers) adapters.Add(new LoraAdapter(layer.Projection.weight.shape[1], layer.Projection.weight.shape[0], geometry));
        // Not RegisterComponents: it would take the frozen model's parameters for this one's.
        register_module(nameof(adapters), adapters);
    }

    /// <summary>Adapters, attention and all else by the package's own operators.</summary>
    public bool IsPlain { get; set; }

    internal IReadOnlyList<LoraAdapter> Adapters => [.. adapters];

    /// <summary>Takes the gradients from a decoder, as everything that stands on it needs.</summary>
    public static void Freeze(NanoGptModel model)
    {
        foreach (var parameter in model.parameters()) parameter.requires_grad = false;
    }

    // tokens [B, T] → logits [B, T, V]
    public override Tensor forward(Tensor input)
    {
        long batch = input.shape[0], length = input.shape[1];
        var x = frozen.Embed(input, 0).view(batch * length, frozen.Geometry.Width);          // [N, D]
        for (var i = 0; i < adapters.Count; i++) x = Named(i, x, batch);
        return frozen.Classify(x).view(batch, length, frozen.Geometry.Vocabulary);
    }

    // The frozen layers are no modules of this one, so what happens in them is given their numbers here.
    Tensor Named(int i, Tensor x, long batch)
    {
        if (ModuleCounter.Active is not { } counter) return Layer(i, x, batch);
        counter.In($"{i}", () => x = Layer(i, x, batch));
        return x;
    }

    // [N, D] → [N, D]
    Tensor Layer(int i, Tensor x, long batch)
    {
        // Only what the backward pass asks for outlives the layer: of a frozen one, little.
        using var scope = NewDisposeScope();
        var layer = frozen.Layers[i];
        var projected = adapters[i].call(layer.Normalise(x), layer.Projection);              // [N, 3·D]
        return layer.Mlp(layer.Project(layer.Attend(projected, batch, IsPlain), x)).MoveToOuterDisposeScope();
    }

    /// <summary>Runs something with the changes added to the frozen weights, which are put back to the last bit.</summary>
    public void Merged(Action run)
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        var kept = frozen.Layers.Select(layer => layer.Projection.weight.clone()).ToArray();
        foreach (var (layer, adapter) in frozen.Layers.Zip(Adapters))
        {
            using var change = adapter.Change();
            layer.Projection.weight.add_(change);
        }
        run();
        foreach (var (layer, weight) in frozen.Layers.Zip(kept)) layer.Projection.weight.copy_(weight);
    }
}

/// <summary>y = x·Wᵀ + b + α/r·(x·Aᵀ)·Bᵀ with W and b frozen, A [r, inputs] as linear layers begin, and B [outputs, r] zero, so nothing changes yet.</summary>
public sealed class LoraAdapter : Module<Tensor, Linear, Tensor>, IPlainForm
{
    readonly Linear down, up;
    readonly double scale;

    public LoraAdapter(long inputs, long outputs, LoraGeometry geometry) : base(nameof(LoraAdapter))
    {
        scale = geometry.Scale;
        down = Linear(inputs, geometry.Rank, hasBias: false);
        up = Linear(geometry.Rank, outputs, hasBias: false);
        init.zeros_(up.weight);
        RegisterComponents();
    }

    /// <summary>Modules one after another instead of the function of Kernels.cs.</summary>
    public bool IsPlain { get; set; }

    // [N, inputs] → [N, outputs]
    public override Tensor forward(Tensor x, Linear frozen) => IsPlain
        ? frozen.call(x) + up.call(down.call(x)) * scale
        : LoraLinear.Of(x, frozen, down.weight, up.weight, scale);

    /// <summary>α/r·B·A, as large as W.</summary>
    public Tensor Change() => up.weight.mm(down.weight).mul_(scale);
}

using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using F = MlPerfEdu.Roofline.Count.Counted;

namespace MlPerfEdu.Workloads.Cloud.NanoGpt;

/// <summary>
/// A decoder of characters after GPT-2 (Radford et al., 2019) and nanoGPT: learned positions, layers that normalise what they read, and a
/// head that is the embedding table.
/// </summary>
public sealed class NanoGptModel : Module<Tensor, Tensor>
{
    const double InitialDeviation = 0.02;

    readonly Embedding tokens, positions;
    readonly ModuleList<NanoGptLayer> layers = new();
    readonly LayerNorm norm;

    public NanoGptModel(NanoGptGeometry geometry) : base(nameof(NanoGptModel))
    {
        Geometry = geometry;
        tokens = Embedding(geometry.Vocabulary, geometry.Width);
        positions = Embedding(geometry.Context, geometry.Width);
        for (var i = 0; i < geometry.Layers; i++) layers.Add(new NanoGptLayer(geometry));
        norm = LayerNorm(geometry.Width);
        RegisterComponents();
        Initialise();
    }

    public NanoGptGeometry Geometry { get; }

    internal Parameter TokenTable => tokens.weight!;

    internal Parameter PositionTable => positions.weight!;

    internal ModuleList<NanoGptLayer> Layers => layers;

    // tokens [B, T] → logits [B, T, V]
    public override Tensor forward(Tensor input)
    {
        long batch = input.shape[0], length = input.shape[1];
        var x = Embed(input, 0).view(batch * length, Geometry.Width);
        foreach (var layer in layers) x = layer.call(x, batch);
        return Classify(x).view(batch, length, Geometry.Vocabulary);
    }

    /// <param name="input">[B, T], the first of them at position <paramref name="start"/>.</param>
    /// <returns>[B, T, D]</returns>
    internal Tensor Embed(Tensor input, long start) =>
        F.add_positions(tokens.call(input), PositionTable, start);

    // [N, D] → [N, V]
    internal Tensor Classify(Tensor x) => F.linear(norm.call(x), TokenTable);

    // As GPT-2: what is added to the residual stream, twice a layer, keeps its variance.
    void Initialise()
    {
        var residual = InitialDeviation / Math.Sqrt(2.0 * Geometry.Layers);
        init.normal_(TokenTable, 0, InitialDeviation);
        init.normal_(PositionTable, 0, InitialDeviation);
        foreach (var layer in layers) layer.Initialise(InitialDeviation, residual);
    }
}

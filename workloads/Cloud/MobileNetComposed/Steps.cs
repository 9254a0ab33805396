using MlPerfEdu.Numerics;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Cloud.MobileNetComposed;

/// <summary>All networks that a run compares.</summary>
/// <param name="model">What the packed file holds.</param>
/// <param name="scored">[N, height, width, channels]</param>
sealed class Made(
    QuantisedModel model, byte[] file, Int8Network composed, Tensor scored, IReadOnlyList<FoldedNetwork> folded, IReadOnlyList<Technique> techniques) : IDisposable
{
    readonly float[] pixels = scored.data<float>().ToArray();

    public QuantisedModel Model => model;

    public byte[] File => file;

    public Int8Network Composed => composed;

    public IReadOnlyList<Technique> Techniques => techniques;

    public required double FoldingError { get; init; }

    /// <summary>Pictures that are scored and that a calibration has seen.</summary>
    public required int Leaked { get; init; }

    /// <summary>[height, width, channels]</summary>
    public ReadOnlySpan<float> Pixels(int sample)
    {
        var size = pixels.Length / (int)scored.shape[0];
        return pixels.AsSpan(sample * size, size);
    }

    /// <summary>Answers some pictures, one after the other.</summary>
    public static Tensor Run(Int8Network network, Tensor x)
    {
        var rows = x.permute(0, 2, 3, 1).contiguous().data<float>().ToArray();
        var (count, logits) = ((int)x.shape[0], new float[x.shape[0] * network.Logits.Length]);
        for (var i = 0; i < count; i++)
        {
            network.Run(rows.AsSpan(i * (rows.Length / count), rows.Length / count));
            network.Logits.CopyTo(logits, i * network.Logits.Length);
        }
        return tensor(logits, count, network.Logits.Length);
    }

    public void Dispose()
    {
        foreach (var network in folded) network.Dispose();
    }
}

/// <summary>Pictures answered by the packed network.</summary>
sealed class Step(Made made, int batch) : IRunningStep
{
    public StepCount Count { get; } = Int8Count.Of(made.Model, made.Composed, batch);

    public string Unrecorded => "not recorded: the step runs without libtorch";

    void IRunningStep.Step()
    {
        for (var sample = 0; sample < batch; sample++) made.Composed.Run(made.Pixels(sample));
    }

    public void Dispose()
    {
    }
}

/// <summary>The same pictures answered by the trained model, fp32 and with plain modules.</summary>
sealed class BookStep : IBookStep
{
    readonly nn.Module<Tensor, Tensor> model;
    readonly Tensor pictures;

    /// <param name="rows">[B, height, width, channels]</param>
    public BookStep(nn.Module<Tensor, Tensor> model, Tensor rows)
    {
        this.model = Book.Plain(model);
        model.eval();
        using var channelsFirst = rows.permute(0, 3, 1, 2);
        pictures = channelsFirst.contiguous();
    }

    public void Step()
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        model.call(pictures);
    }

    public void Dispose() => pictures.Dispose();
}

/// <summary>What answering pictures with bytes computes and moves.</summary>
static class Int8Count
{
    /// <summary>A row per layer. Its operations are 2 for each weight that is left and place, additions and multiplications of integers.</summary>
    public static StepCount Of(QuantisedModel model, Int8Network network, int batch)
    {
        var rows = model.Layers.Select((row, i) => Row(row.Layer, i, network.BytesOf(i), batch)).ToList();
        var picture = (long)batch * model.Layers[0].Layer.Places * model.Layers[0].Layer.Inputs * sizeof(float);
        rows[0] = rows[0] with { UniqueBytes = rows[0].UniqueBytes + picture, InputBytes = picture, Forward = rows[0].Forward + new Work(0, 0, picture, 0) };
        return new(batch, rows);
    }

    static LayerCount Row(Layer layer, int index, long weightBytes, int batch)
    {
        var macs = batch * layer.Places * (long)layer.Outputs * (layer.IsPruned ? Kept(layer.Taps) : layer.Taps);
        var inputs = (long)batch * layer.Places * layer.Stride * layer.Stride * layer.Inputs;
        var results = (long)batch * layer.Places * layer.Outputs;
        // A result is scaled, shifted, cut off and rounded.
        const int perResult = 5;
        return LayerCount.Of($"{index}", $"int8 {layer.Kind.ToString().ToLowerInvariant()}", [batch, layer.Side, layer.Side, layer.Outputs]) with
        {
            // A scale and a bias stand for the two numbers of a norm.
            Parameters = layer.Weights + (layer.Kind == LayerKind.Classifier ? 1 : 2) * layer.Outputs,
            ForwardMacs = macs,
            Forward = new Work(2 * macs, perResult * results, weightBytes * batch + inputs + results * (layer.Residual >= 0 ? 2 : 1), 1),
            UniqueBytes = weightBytes + results,
        };
    }

    static int Kept(int taps) => (taps + TwoOfFour.Group - 1) / TwoOfFour.Group * TwoOfFour.Kept;
}

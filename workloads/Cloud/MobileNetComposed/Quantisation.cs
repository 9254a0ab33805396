using System.Runtime.InteropServices;
using System.Security.Cryptography;
using MlPerfEdu.Numerics;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Cloud.MobileNetComposed;

/// <summary>The whole numbers that stand for a layer's results: value = Scale · (byte − Zero).</summary>
public readonly record struct ByteScale(float Scale, byte Zero)
{
    /// <summary>The activation whose bytes reach from the smallest to the largest of these values, and have one for 0.</summary>
    public static ByteScale Of(float smallest, float largest)
    {
        (smallest, largest) = (Math.Min(smallest, 0), Math.Max(largest, 0));
        var scale = Math.Max((largest - smallest) / Int8.Largest, 1e-6f);
        return new(scale, (byte)Math.Clamp(MathF.Round(-smallest / scale), 0, Int8.Largest));
    }

    public byte Of(float value) => (byte)Math.Clamp(MathF.Round(value / Scale) + Zero, 0, Int8.Largest);
}

/// <summary>A layer whose weights are bytes: weight = byte · scale of its output.</summary>
/// <param name="Weights">[outputs, taps], from −127 to 127.</param>
public sealed record QuantisedLayer(Layer Layer, sbyte[] Weights, Half[] Scales, Half[] Biases)
{
    // The smallest half with all its digits.
    static readonly Half Least = (Half)6.104e-5f;

    public static QuantisedLayer Of(FoldedLayer folded)
    {
        var (layer, weights) = (folded.Layer, new sbyte[folded.Weights.Length]);
        var scales = new Half[layer.Outputs];
        for (var output = 0; output < layer.Outputs; output++)
        {
            var row = folded.Weights.AsSpan(output * layer.Taps, layer.Taps);
            // Rounded up, so that the largest weight stays within 127.
            var exact = Simd.MaxMagnitude(row) / Int8.Largest;
            var scale = (Half)exact;
            if ((float)scale < exact) scale = Half.BitIncrement(scale);
            scales[output] = Half.Max(scale, Least);
            for (var tap = 0; tap < layer.Taps; tap++)
                weights[output * layer.Taps + tap] = (sbyte)MathF.Round(row[tap] / (float)scales[output]);
        }
        return new(layer, weights, scales, Array.ConvertAll(folded.Biases, bias => (Half)bias));
    }
}

/// <summary>A network of bytes: all that a file holds, and all that answering needs.</summary>
/// <param name="Activations">Of the picture, of each layer but the classifier, and of the mean that the classifier reads.</param>
public sealed record QuantisedModel(IReadOnlyList<QuantisedLayer> Layers, IReadOnlyList<ByteScale> Activations)
{
    public static QuantisedModel Of(IReadOnlyList<FoldedLayer> layers, IReadOnlyList<ByteScale> activations) =>
        new([.. layers.Select(QuantisedLayer.Of)], activations);

    public ByteScale Before(int layer) => Activations[layer == Layers.Count - 1 ? ^1 : layer];

    public ByteScale After(int layer) => Activations[layer + 1];

    /// <summary>From a layer's sums to its results; none after the classifier, whose sums become logits.</summary>
    internal Requantisation Requantise(int index)
    {
        var (layer, scales) = (Layers[index].Layer, Multipliers(index));
        var after = After(index);
        var residual = layer.Residual >= 0 ? After(layer.Residual) : default;
        var factor = (double)residual.Scale / after.Scale;
        return new(
            [.. scales.Select(scale => (float)(scale / after.Scale))],
            [.. Layers[index].Biases.Select(bias => (float)((double)bias / after.Scale + after.Zero - factor * residual.Zero))],
            Low: 0, High: layer.Relu6 ? Math.Min(Int8.Largest, 6 / after.Scale) : Int8.Largest, (float)factor);
    }

    /// <summary>What a sum of one counts for, of each output.</summary>
    public double[] Multipliers(int index) => [.. Layers[index].Scales.Select(scale => (double)scale * Before(index).Scale)];
}

/// <summary>Finds the scales of activations from training pictures.</summary>
public sealed class Calibration(IReadOnlyList<Layer> layers)
{
    // Sums of each batch's smallest and largest values.
    readonly (double Smallest, double Largest)[] sums = new (double, double)[layers.Count + 1];
    readonly HashSet<string> seen = [];
    int batches;

    /// <param name="pictures">[B, 3, H, W], of the training split.</param>
    public void See(FoldedNetwork network, Tensor pictures)
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        Add(0, pictures);
        network.Run(pictures, (layer, before, after) => Add(layer + 1, after ?? before));
        seen.UnionWith(Digests(pictures));
        batches++;

        void Add(int place, Tensor values)
        {
            sums[place].Smallest += values.min().item<float>();
            sums[place].Largest += values.max().item<float>();
        }
    }

    /// <summary>How many of these pictures it has seen.</summary>
    public int Seen(Tensor pictures) => Digests(pictures).Count(seen.Contains);

    static IEnumerable<string> Digests(Tensor pictures)
    {
        using var together = pictures.contiguous();
        foreach (var pixels in together.data<float>().ToArray().Chunk((int)(together.numel() / together.shape[0])))
            yield return Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes<float>(pixels)));
    }

    /// <summary>From the mean of the batches' extremes: one strange picture does not coarsen the scale of all.</summary>
    public IReadOnlyList<ByteScale> Activations() => batches > 0
        ? [.. sums.Select(sum => ByteScale.Of((float)(sum.Smallest / batches), (float)(sum.Largest / batches)))]
        : throw new InvalidOperationException("found no pictures to calibrate with → expected at least one batch → let it see some.");
}

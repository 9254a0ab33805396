using MlPerfEdu.Numerics;

namespace MlPerfEdu.Workloads.Cloud.MobileNetComposed;

/// <summary>
/// The arithmetic of a quantised network as it is defined: sums of 64-bit integers over what a convolution sees, and double precision after them,
/// rounded where <see cref="Int8Network"/> rounds. Slow, and written for nothing but being right.
/// </summary>
public static class Judge
{
    /// <param name="pixels">[rows, columns, channels]</param>
    /// <param name="results">Of every layer but the classifier, [places, outputs].</param>
    /// <returns>The logits.</returns>
    public static double[] Run(QuantisedModel model, ReadOnlySpan<float> pixels, out byte[][] results)
    {
        var (layers, bytes) = (model.Layers, new byte[pixels.Length]);
        for (var i = 0; i < bytes.Length; i++) bytes[i] = model.Activations[0].Of(pixels[i]);
        results = new byte[layers.Count - 1][];
        for (var i = 0; i < results.Length; i++)
            bytes = results[i] = Results(model, i, bytes, layers[i].Layer.Residual is >= 0 and var residual ? results[residual] : null);
        var means = Means(model, bytes);
        var multipliers = model.Multipliers(layers.Count - 1);
        return [.. Enumerable.Range(0, layers[^1].Layer.Outputs).Select(label =>
            Sum(layers[^1], means, model.Before(layers.Count - 1).Zero, 0, 0, label) * multipliers[label] + (double)layers[^1].Biases[label])];
    }

    static byte[] Results(QuantisedModel model, int index, byte[] x, byte[]? residual)
    {
        var (row, how, zero) = (model.Layers[index], model.Requantise(index), model.Before(index).Zero);
        var layer = row.Layer;
        var results = new byte[layer.Places * layer.Outputs];
        for (var i = 0; i < results.Length; i++)
        {
            var (place, output) = (i / layer.Outputs, i % layer.Outputs);
            var sum = Sum(row, x, zero, place / layer.Side, place % layer.Side, output);
            var y = (float)((double)(float)sum * how.Multiplier[output] + how.Offset[output]);
            if (residual is not null) y = (float)((double)residual[i] * how.ResidualFactor + y);
            results[i] = (byte)Math.Round(Math.Clamp((double)y, how.Low, how.High), MidpointRounding.ToEven);
        }
        return results;
    }

    static long Sum(QuantisedLayer row, byte[] x, byte zero, int down, int along, int output)
    {
        var layer = row.Layer;
        var (kernel, side) = (layer.Kind is LayerKind.Stem or LayerKind.Depthwise ? Layer.Kernel : 1, layer.Side * layer.Stride);
        var channels = layer.Kind == LayerKind.Depthwise ? 1 : layer.Inputs;
        var sum = 0L;
        for (var tap = 0; tap < layer.Taps; tap++)
        {
            var (place, channel) = (tap / channels, layer.Kind == LayerKind.Depthwise ? output : tap % channels);
            int sourceDown = down * layer.Stride + place / kernel - kernel / 2, sourceAlong = along * layer.Stride + place % kernel - kernel / 2;
            // Around a map lie zeros.
            if (sourceDown < 0 || sourceDown >= side || sourceAlong < 0 || sourceAlong >= side) continue;
            sum += row.Weights[output * layer.Taps + tap] * (long)(x[(sourceDown * side + sourceAlong) * layer.Inputs + channel] - zero);
        }
        return sum;
    }

    static byte[] Means(QuantisedModel model, byte[] x)
    {
        var (head, factor) = (model.Layers[^2].Layer, Int8Network.MeanFactor(model));
        return [.. Enumerable.Range(0, head.Outputs).Select(channel =>
        {
            var sum = Enumerable.Range(0, head.Places).Sum(place => x[place * head.Outputs + channel]);
            return (byte)Math.Min(Math.Round((double)(float)((double)sum * factor), MidpointRounding.ToEven), Int8.Largest);
        })];
    }
}

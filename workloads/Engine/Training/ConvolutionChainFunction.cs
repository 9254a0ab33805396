using MlPerfEdu.Numerics;
using TorchSharp.Modules;
using static TorchSharp.torch.autograd;
using static TorchSharp.torch;

namespace MlPerfEdu.Engine.Training;

/// <summary>
/// The passes of a <see cref="ConvolutionChain"/>. Between two convolutions lies one tensor of raw results, [B, H, W, C]; batch norm and ReLU
/// happen where it is read, and their gradients where a convolution's are computed.
/// </summary>
public sealed unsafe class ConvolutionChainFunction : SingleTensorFunction<ConvolutionChainFunction>
{
    // Of each layer: the weights of convolution and norm, and the norm's bias.
    const int ParametersOfLayer = 3, ParametersFrom = 2;

    public override string Name => nameof(ConvolutionChainFunction);

    public override Tensor forward(AutogradContext ctx, params object[] vars)
    {
        var (pictures, plan) = (((Tensor)vars[0]).contiguous(), (ChainPlan)vars[1]);
        var (maps, sizes) = ((int)pictures.shape[0], plan.Sizes);
        var results = Rooms(plan, maps);
        var weights = sizes.Select((size, i) => Arranged((Tensor)vars[ParametersFrom + ParametersOfLayer * i], size)).ToArray();
        var norms = empty(sizes.Length, NormVectors.Count * plan.Widest);
        for (var i = 0; i < sizes.Length; i++)
        {
            var (size, x) = (sizes[i], i == 0 ? pictures : results[i - 1]);
            var statistics = plan.Trains ? zeros(ChainPlan.Parts(maps), StatisticsVectors.Count * size.To.Channels) : null;
            ForwardPart all = new(NativeFloats.Of(x), i == 0 ? default : Norm(norms, plan, i - 1), NativeFloats.Of(weights[i]),
                NativeFloats.Of(results[i]), null);
            var sums = statistics is null ? null : NativeFloats.Of(statistics);
            ChainPlan.ForEachPart(maps, i % 2 == 1, part =>
            {
                using var scratch = new NativeFloats(size.Scratch);
                var (from, to) = ChainPlan.Part(part, maps);
                var own = sums is null ? null : sums + (nint)part * StatisticsVectors.Count * size.To.Channels;
                NormedConvolution.Forward(size, new(all.X, all.Norm, all.Weights, all.Y, own), from, to, scratch.Address);
            });

            var norm = Norm(norms, plan, i);
            if (sums is null) TakeRunning(plan.Norms[i], norm);
            else TakeStatistics(plan.Norms[i], norm, sums, size.To, maps);
        }

        var positive = zeros(maps, GradientVectors.Count, sizes[^1].To.Channels);
        var means = Means(plan, norms, results[^1], positive);
        if (plan.Trains) ctx.save_for_backward([pictures, norms, positive, .. weights, .. results, .. vars[ParametersFrom..].Cast<Tensor>()]);
        ctx.save_data(nameof(ChainPlan), plan);
        return means;
    }

    public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output)
    {
        var (saved, plan) = (ctx.get_saved_variables(), (ChainPlan)ctx.get_data(nameof(ChainPlan))!);
        var (sizes, layers, pictures, norms) = (plan.Sizes, plan.Sizes.Length, saved[0], saved[1]);
        var (weights, results, parameters) = (saved.Slice(3, layers), saved.Slice(3 + layers, layers), saved.Slice(3 + 2 * layers, ParametersOfLayer * layers));
        var maps = (int)pictures.shape[0];
        var gradients = new Tensor[ParametersFrom + ParametersOfLayer * layers];
        var ofMeans = (grad_output / sizes[^1].To.Places).contiguous();
        var sums = SumsOfMeans(ofMeans, saved[2]);
        var g = empty(maps, plan.Room);
        for (var i = layers - 1; i >= 0; i--)
        {
            var (size, norm, at) = (sizes[i], Norm(norms, plan, i), ParametersFrom + ParametersOfLayer * i);
            (gradients[at + 1], gradients[at + 2]) = OfNorm(norm, sums, (long)maps * size.To.Places);

            int inputs = i == 0 ? 0 : size.From.Channels, perPart = size.Weights + GradientVectors.Count * inputs;
            using var partial = new NativeFloats(ChainPlan.Parts(maps) * perPart);
            ForwardPart forward = new(NativeFloats.Of(i == 0 ? pictures : results[i - 1]), i == 0 ? default : Norm(norms, plan, i - 1),
                NativeFloats.Of(weights[i]), NativeFloats.Of(results[i]), null);
            float* transposed = NativeFloats.Of(parameters[ParametersOfLayer * i]), gradient = NativeFloats.Of(g), found = partial.Address;
            var ofMean = i == layers - 1 ? NativeFloats.Of(ofMeans) : null;
            ChainPlan.ForEachPart(maps, i % 2 == 1, part =>
            {
                using var scratch = new NativeFloats(size.Scratch);
                var (from, to) = ChainPlan.Part(part, maps);
                var own = found + (nint)part * perPart;
                new Span<float>(own, perPart).Clear();
                NormedConvolution.Backward(size, new(forward, norm, transposed, ofMean, gradient, plan.Room, own, own + size.Weights),
                    from, to, scratch.Address);
            });

            for (var part = 1; part < ChainPlan.Parts(maps); part++) Simd.AddScaled(ref *found, ref found[(nint)part * perPart], 1, perPart);
            gradients[at] = OfWeights(found, parameters[ParametersOfLayer * i], size);
            sums = new double[GradientVectors.Count * inputs];
            for (var c = 0; c < sums.Length; c++) sums[c] = found[size.Weights + c];
        }
        return [.. gradients];
    }

    // Backwards everything is needed again; without a backward pass, only what the next convolution reads.
    static Tensor[] Rooms(ChainPlan plan, int maps)
    {
        if (plan.Trains) return [.. plan.Sizes.Select(size => empty(maps, size.To.Numbers))];
        Tensor even = empty(maps, plan.Room), odd = empty(maps, plan.Room);
        return [.. plan.Sizes.Select((_, i) => i % 2 == 0 ? even : odd)];
    }

    static NormVectors Norm(Tensor norms, ChainPlan plan, int layer) =>
        new(NativeFloats.Of(norms) + (nint)layer * NormVectors.Count * plan.Widest, plan.Sizes[layer].To.Channels);

    // [outputs, taps] → [rows, outputs]
    static Tensor Arranged(Tensor weight, ConvolutionSize size)
    {
        var (outputs, arranged) = (size.To.Channels, zeros(size.WeightRows, size.To.Channels));
        float* from = NativeFloats.Of(weight), to = NativeFloats.Of(arranged);
        for (var output = 0; output < outputs; output++)
        {
            for (var tap = 0; tap < size.Taps; tap++) to[size.WeightRow(tap) * outputs + output] = from[output * size.Taps + tap];
        }
        return arranged;
    }

    // [rows, outputs] → [outputs, taps]
    static Tensor OfWeights(float* found, Tensor weight, ConvolutionSize size)
    {
        var (outputs, gradient) = (size.To.Channels, empty(weight.shape));
        var to = NativeFloats.Of(gradient);
        for (var output = 0; output < outputs; output++)
        {
            for (var tap = 0; tap < size.Taps; tap++) to[output * size.Taps + tap] = found[size.WeightRow(tap) * outputs + output];
        }
        return gradient;
    }

    // Parts are joined in their order, each pair by the formula of Chan et al., 1979.
    static void TakeStatistics(BatchNorm2d module, NormVectors norm, float* sums, MapSize map, int maps)
    {
        var (channels, parts, momentum) = (map.Channels, ChainPlan.Parts(maps), module.momentum!.Value);
        float* runningMean = NativeFloats.Of(module.running_mean!), runningVariance = NativeFloats.Of(module.running_var!);
        for (var c = 0; c < channels; c++)
        {
            var (count, mean, squares) = (0.0, 0.0, 0.0);
            for (var part = 0; part < parts; part++)
            {
                var own = new StatisticsVectors(sums + (nint)part * StatisticsVectors.Count * channels, channels);
                var (from, to) = ChainPlan.Part(part, maps);
                double more = (double)(to - from) * map.Places, sum = own.Sum[c], all = count + more;
                var apart = own.Pivot[c] + sum / more - mean;
                squares += own.Squares[c] - sum * sum / more + apart * apart * count * more / all;
                mean += apart * more / all;
                count = all;
            }
            runningMean[c] = (float)((1 - momentum) * runningMean[c] + momentum * mean);
            runningVariance[c] = (float)((1 - momentum) * runningVariance[c] + momentum * squares / (count - 1));
            Take(module, norm, c, mean, squares / count);
        }
        module.num_batches_tracked!.add_(1);
    }

    static void TakeRunning(BatchNorm2d module, NormVectors norm)
    {
        for (var c = 0; c < module.num_features; c++)
            Take(module, norm, c, NativeFloats.Of(module.running_mean!)[c], NativeFloats.Of(module.running_var!)[c]);
    }

    static void Take(BatchNorm2d module, NormVectors norm, int channel, double mean, double variance)
    {
        var inverse = 1 / Math.Sqrt(variance + module.eps);
        var scale = NativeFloats.Of(module.weight!)[channel] * inverse;
        norm.Scale[channel] = (float)scale;
        norm.Shift[channel] = (float)(NativeFloats.Of(module.bias!)[channel] - mean * scale);
        norm.Mean[channel] = (float)mean;
        norm.Inverse[channel] = (float)inverse;
    }

    // Where an activation is positive, it is scale·(y − mean) + bias.
    static Tensor Means(ChainPlan plan, Tensor norms, Tensor results, Tensor positive)
    {
        var (map, norm, maps) = (plan.Sizes[^1].To, Norm(norms, plan, plan.Sizes.Length - 1), (int)positive.shape[0]);
        var means = empty(maps, map.Channels);
        float* y = NativeFloats.Of(results), sums = NativeFloats.Of(positive), to = NativeFloats.Of(means), bias = NativeFloats.Of(plan.Norms[^1].bias!);
        ChainPlan.ForEachPart(maps, plan.Sizes.Length % 2 == 1, part =>
        {
            var (first, end) = ChainPlan.Part(part, maps);
            for (var m = first; m < end; m++)
            {
                var own = new GradientVectors(sums + (nint)m * GradientVectors.Count * map.Channels, map.Channels);
                NormedConvolution.Positive(y + m * map.Numbers, norm, own, map.Places, map.Channels);
                for (var c = 0; c < map.Channels; c++)
                    to[(nint)m * map.Channels + c] = (norm.Scale[c] * own.Product[c] + bias[c] * own.Sum[c]) / map.Places;
            }
        });
        return means;
    }

    /// <summary><see cref="GradientVectors"/> of the last results: Σg and Σg·(y − mean) over the places with a positive activation.</summary>
    static double[] SumsOfMeans(Tensor ofMeans, Tensor positive)
    {
        var (maps, channels) = (ofMeans.shape[0], (int)ofMeans.shape[1]);
        float* g = NativeFloats.Of(ofMeans), sums = NativeFloats.Of(positive);
        var found = new double[GradientVectors.Count * channels];
        for (var m = 0; m < maps; m++, g += channels)
        {
            for (var i = 0; i < found.Length; i++, sums++) found[i] += (double)g[i % channels] * *sums;
        }
        return found;
    }

    /// <summary>The gradients of a norm's weight and bias; the norm learns what reaches its input through mean and variance.</summary>
    static (Tensor OfWeight, Tensor OfBias) OfNorm(NormVectors norm, double[] sums, long count)
    {
        var channels = sums.Length / GradientVectors.Count;
        Tensor ofWeight = empty(channels), ofBias = empty(channels);
        float* weight = NativeFloats.Of(ofWeight), bias = NativeFloats.Of(ofBias);
        for (var c = 0; c < channels; c++)
        {
            double sum = sums[c], product = sums[channels + c], inverse = norm.Inverse[c];
            (weight[c], bias[c]) = ((float)(product * inverse), (float)sum);
            var slope = -norm.Scale[c] * inverse * inverse * product / count;
            norm.Slope[c] = (float)slope;
            norm.Constant[c] = (float)(-norm.Scale[c] * sum / count - slope * norm.Mean[c]);
        }
        return (ofWeight, ofBias);
    }
}

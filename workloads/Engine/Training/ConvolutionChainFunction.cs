using MlPerfEdu.Numerics;
using TorchSharp.Modules;
using static TorchSharp.torch.autograd;
using static TorchSharp.torch;

namespace MlPerfEdu.Engine.Training;

/// <summary>
/// The passes of a <see cref="ConvolutionChain"/>. Between two convolutions lies one tensor of raw results, [B, H, W, C]; batch norm and activation
/// happen where it is read, and their gradients where a convolution's are computed. Where a block ends, its joint is written, too: it is small, and is
/// read by the next block, and perhaps by its end.
/// </summary>
public sealed unsafe class ConvolutionChainFunction : SingleTensorFunction<ConvolutionChainFunction>
{
    // Of each layer: the weights of convolution and norm, and the norm's bias.
    const int ParametersOfLayer = 3, ParametersFrom = 2;

    public override string Name => nameof(ConvolutionChainFunction);

    public override Tensor forward(AutogradContext ctx, params object[] vars)
    {
        var (pictures, plan) = (((Tensor)vars[0]).permute(0, 2, 3, 1).contiguous(), (ChainPlan)vars[1]);
        var (maps, sizes) = ((int)pictures.shape[0], plan.Sizes);
        var (results, joints) = (Rooms(plan, maps), Joints(plan, maps));
        var weights = sizes.Select((size, i) => Arranged((Tensor)vars[ParametersFrom + ParametersOfLayer * i], size)).ToArray();
        var norms = Norms(plan);
        for (var i = 0; i < sizes.Length; i++)
        {
            var (layer, size) = (i, sizes[i]);
            var statistics = plan.Trains ? zeros(plan.Parts(i, maps), StatisticsVectors.Count * size.To.Channels) : null;
            var all = Part(plan, i, pictures, results, joints, weights, norms);
            var sums = statistics is null ? null : NativeFloats.Of(statistics);
            plan.ForEachPart(i, maps, i % 2 == 1, (part, from, to) =>
            {
                using var scratch = new NativeFloats(size.Scratch);
                var own = sums is null ? null : sums + (nint)part * StatisticsVectors.Count * size.To.Channels;
                NormedConvolution.Forward(size, new(all.X, all.Norm, all.Weights, all.Y, own), from, to, scratch.Address);
            });

            var norm = Norm(norms, plan, i);
            if (sums is null) TakeRunning(plan.Layers[i].Norm, norm);
            else TakeStatistics(plan, i, norm, sums, maps);
            if (joints[i] is { } joint) Join(plan, i, results[i], norm, joints[..i].LastOrDefault(one => one is not null), joint, maps);
        }

        var active = zeros(maps, ActiveVectors.Vectors, sizes[^1].To.Channels);
        var means = Means(plan, norms, results[^1], active);
        if (plan.Trains)
            ctx.save_for_backward([pictures, norms, active, .. weights, .. results, .. joints.Select(joint => joint ?? norms), .. vars[ParametersFrom..].Cast<Tensor>()]);
        ctx.save_data(nameof(ChainPlan), plan);
        return means;
    }

    public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output)
    {
        var (saved, plan) = (ctx.get_saved_variables(), (ChainPlan)ctx.get_data(nameof(ChainPlan))!);
        var (sizes, layers, pictures, norms) = (plan.Sizes, plan.Sizes.Length, saved[0], saved[1]);
        Tensor[] weights = [.. saved.Slice(3, layers)], results = [.. saved.Slice(3 + layers, layers)];
        Tensor?[] joints = [.. saved.Slice(3 + 2 * layers, layers).Select((joint, i) => plan.Layers[i].Joint == Joint.None ? null : joint)];
        var parameters = saved.Slice(3 + 3 * layers, ParametersOfLayer * layers);
        var maps = (int)pictures.shape[0];
        var gradients = new Tensor[ParametersFrom + ParametersOfLayer * layers];
        var ofMeans = (grad_output / sizes[^1].To.Places).contiguous();
        var sums = SumsOfMeans(ofMeans, saved[2]);
        var g = empty(maps, plan.Room);
        Tensor? around = null;
        for (var i = layers - 1; i >= 0; i--)
        {
            var (size, norm, at) = (sizes[i], Norm(norms, plan, i), ParametersFrom + ParametersOfLayer * i);
            if (joints[i] is not null) sums = OfJoint(plan, i, g, ref around, results[i], norm, maps);
            (gradients[at + 1], gradients[at + 2]) = OfNorm(norm, sums, (long)maps * size.To.Places);

            int inputs = i == 0 ? 0 : size.From.Channels, perPart = size.Weights + GradientVectors.Count * inputs, parts = plan.Parts(i, maps);
            using var partial = new NativeFloats(parts * perPart);
            var forward = Part(plan, i, pictures, results, joints, weights, norms);
            float* transposed = NativeFloats.Of(parameters[ParametersOfLayer * i]), gradient = NativeFloats.Of(g), found = partial.Address;
            var ofMean = i == layers - 1 ? NativeFloats.Of(ofMeans) : null;
            plan.ForEachPart(i, maps, i % 2 == 1, (part, from, to) =>
            {
                using var scratch = new NativeFloats(size.Scratch);
                var own = found + (nint)part * perPart;
                new Span<float>(own, perPart).Clear();
                NormedConvolution.Backward(size, new(forward, norm, transposed, ofMean, gradient, plan.Room, own, own + size.Weights),
                    from, to, scratch.Address);
            });

            AddParts(found, parts, perPart);
            gradients[at] = OfWeights(found, parameters[ParametersOfLayer * i], size);
            sums = new double[GradientVectors.Count * inputs];
            for (var c = 0; c < sums.Length; c++) sums[c] = found[size.Weights + c];
        }
        return [.. gradients];
    }

    // A layer reads the pictures, the joint before it, or raw results and their norm.
    static ForwardPart Part(ChainPlan plan, int layer, Tensor pictures, Tensor[] results, Tensor?[] joints, Tensor[] weights, Tensor norms)
    {
        var before = layer - 1;
        var y = NativeFloats.Of(results[layer]);
        if (layer == 0) return new(NativeFloats.Of(pictures), default, NativeFloats.Of(weights[0]), y, null);
        return joints[before] is { } joint
            ? new(NativeFloats.Of(joint), AsItIs(norms, plan), NativeFloats.Of(weights[layer]), y, null)
            : new(NativeFloats.Of(results[before]), Norm(norms, plan, before), NativeFloats.Of(weights[layer]), y, null);
    }

    static void Join(ChainPlan plan, int layer, Tensor results, NormVectors norm, Tensor? before, Tensor joint, int maps)
    {
        var map = plan.Sizes[layer].To;
        float* y = NativeFloats.Of(results), to = NativeFloats.Of(joint);
        var added = plan.Layers[layer].Joint == Joint.Adds ? NativeFloats.Of(before!) : null;
        plan.ForEachPart(layer, maps, layer % 2 == 0, (_, from, end) => NormedConvolution.Join(
            y + from * map.Numbers, norm, added is null ? null : added + from * map.Numbers, to + from * map.Numbers, (end - from) * map.Places, map.Channels));
    }

    /// <summary>The gradient of a joint as that of the normalised results before it, in place, and their <see cref="GradientVectors"/>.</summary>
    /// <param name="around">In: what came around the next block, if anything does. Out: what goes around this one.</param>
    static double[] OfJoint(ChainPlan plan, int layer, Tensor g, ref Tensor? around, Tensor results, NormVectors norm, int maps)
    {
        var (map, parts, adds) = (plan.Sizes[layer].To, plan.Parts(layer, maps), around is not null);
        var goesOn = plan.Layers[layer].Joint == Joint.Adds;
        if (goesOn) around ??= empty(maps, map.Numbers);
        using var partial = new NativeFloats(parts * GradientVectors.Count * map.Channels);
        float* gradient = NativeFloats.Of(g), kept = around is null ? null : NativeFloats.Of(around), y = NativeFloats.Of(results), found = partial.Address;
        new Span<float>(found, parts * GradientVectors.Count * map.Channels).Clear();
        plan.ForEachPart(layer, maps, layer % 2 == 0, (part, from, to) =>
        {
            var own = new GradientVectors(found + (nint)part * GradientVectors.Count * map.Channels, map.Channels);
            for (var m = from; m < to; m++)
                NormedConvolution.OfJoint(gradient + m * plan.Room, kept is null ? null : kept + m * map.Numbers, adds, y + m * map.Numbers, norm, own, map.Places, map.Channels);
        });
        if (!goesOn) around = null;

        var sums = new double[GradientVectors.Count * map.Channels];
        for (var i = 0; i < parts * sums.Length; i++) sums[i % sums.Length] += found[i];
        return sums;
    }

    // Backwards everything is needed again; without a backward pass, only what the next convolution reads.
    static Tensor[] Rooms(ChainPlan plan, int maps)
    {
        if (plan.Trains) return [.. plan.Sizes.Select(size => empty(maps, size.To.Numbers))];
        Tensor even = empty(maps, plan.Room), odd = empty(maps, plan.Room);
        return [.. plan.Sizes.Select((_, i) => i % 2 == 0 ? even : odd)];
    }

    static Tensor?[] Joints(ChainPlan plan, int maps) =>
        [.. plan.Layers.Zip(plan.Sizes, (layer, size) => layer.Joint == Joint.None ? null : empty(maps, size.To.Numbers))];

    // Those of all layers, and one that changes nothing.
    static Tensor Norms(ChainPlan plan)
    {
        var norms = zeros(plan.Sizes.Length + 1, NormVectors.Count, plan.Widest);
        norms[plan.Sizes.Length, 0].fill_(1);
        return norms;
    }

    static NormVectors Norm(Tensor norms, ChainPlan plan, int layer) =>
        new(NativeFloats.Of(norms) + (nint)layer * NormVectors.Count * plan.Widest, plan.Sizes[layer].To.Channels, plan.Layers[layer].Range);

    // For what a layer left and is read without its norm. The first vector is that of scales, and the others are zero.
    static NormVectors AsItIs(Tensor norms, ChainPlan plan) =>
        new(NativeFloats.Of(norms) + (nint)plan.Sizes.Length * NormVectors.Count * plan.Widest, plan.Widest, ActivationRange.All);

    // Each number's parts in their order, a piece of the numbers on each thread.
    static void AddParts(float* found, int parts, int perPart)
    {
        const int pieces = 16;
        ThreadTeam.Of(get_num_threads()).ForEach(pieces, piece =>
        {
            var (from, to) = ((int)((long)perPart * piece / pieces), (int)((long)perPart * (piece + 1) / pieces));
            for (var part = 1; part < parts; part++) Simd.AddScaled(ref found[from], ref found[(nint)part * perPart + from], 1, to - from);
        });
    }

    // [outputs, taps] → [rows, outputs]
    static Tensor Arranged(Tensor weight, ConvolutionSize size)
    {
        var (outputs, arranged) = (size.To.Channels, zeros(size.WeightRows, size.To.Channels));
        float* from = NativeFloats.Of(weight), to = NativeFloats.Of(arranged);
        if (size.Kind == ConvolutionKind.Pointwise)
        {
            Transposition.Of(from, size.Taps, outputs, size.Taps, to, outputs);
            return arranged;
        }
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
        if (size.Kind == ConvolutionKind.Pointwise)
        {
            Transposition.Of(found, outputs, size.Taps, outputs, to, size.Taps);
            return gradient;
        }
        for (var output = 0; output < outputs; output++)
        {
            for (var tap = 0; tap < size.Taps; tap++) to[output * size.Taps + tap] = found[size.WeightRow(tap) * outputs + output];
        }
        return gradient;
    }

    // Parts are joined in their order, each pair by the formula of Chan et al., 1979.
    static void TakeStatistics(ChainPlan plan, int layer, NormVectors norm, float* sums, int maps)
    {
        var (module, map) = (plan.Layers[layer].Norm, plan.Sizes[layer].To);
        var (channels, parts, momentum) = (map.Channels, plan.Parts(layer, maps), module.momentum!.Value);
        float* runningMean = NativeFloats.Of(module.running_mean!), runningVariance = NativeFloats.Of(module.running_var!);
        for (var c = 0; c < channels; c++)
        {
            var (count, mean, squares) = (0.0, 0.0, 0.0);
            for (var part = 0; part < parts; part++)
            {
                var own = new StatisticsVectors(sums + (nint)part * StatisticsVectors.Count * channels, channels);
                double more = (double)plan.Maps(layer, part, maps) * map.Places, sum = own.Sum[c], all = count + more;
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

    // Where an activation is inside its range, it is scale·(y − mean) + bias; where it is at the upper end, it is that.
    static Tensor Means(ChainPlan plan, Tensor norms, Tensor results, Tensor active)
    {
        var (last, map, maps) = (plan.Sizes.Length - 1, plan.Sizes[^1].To, (int)active.shape[0]);
        var (norm, means) = (Norm(norms, plan, last), empty(maps, map.Channels));
        float* y = NativeFloats.Of(results), sums = NativeFloats.Of(active), to = NativeFloats.Of(means), bias = NativeFloats.Of(plan.Layers[^1].Norm.bias!);
        var most = float.IsFinite(norm.Range.Most) ? norm.Range.Most : 0;
        plan.ForEachPart(last, maps, plan.Sizes.Length % 2 == 1, (_, first, end) =>
        {
            for (var m = first; m < end; m++)
            {
                var own = new ActiveVectors(sums + (nint)m * ActiveVectors.Vectors * map.Channels, map.Channels);
                NormedConvolution.Active(y + m * map.Numbers, norm, own, map.Places, map.Channels);
                for (var c = 0; c < map.Channels; c++)
                    to[(nint)m * map.Channels + c] = (norm.Scale[c] * own.Deviation[c] + bias[c] * own.Count[c] + most * own.Above[c]) / map.Places;
            }
        });
        return means;
    }

    /// <summary><see cref="GradientVectors"/> of the last results: Σg and Σg·(y − mean) over the places with an activation inside its range.</summary>
    static double[] SumsOfMeans(Tensor ofMeans, Tensor active)
    {
        var (maps, channels) = (ofMeans.shape[0], (int)ofMeans.shape[1]);
        float* g = NativeFloats.Of(ofMeans), sums = NativeFloats.Of(active);
        var found = new double[GradientVectors.Count * channels];
        for (var m = 0; m < maps; m++, g += channels, sums += ActiveVectors.Vectors * channels)
        {
            for (var i = 0; i < found.Length; i++) found[i] += (double)g[i % channels] * sums[i];
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

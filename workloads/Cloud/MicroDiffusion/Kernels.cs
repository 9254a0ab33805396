using MlPerfEdu.Numerics;
using static TorchSharp.torch.autograd;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Cloud.MicroDiffusion;

/// <summary>
/// silu(norm(x + added)) as one operator over samples whose channels lie side by side, each of which one thread takes through all of it while a cache
/// holds it.
/// </summary>
public sealed unsafe class NormedSiluFunction : SingleTensorFunction<NormedSiluFunction>
{
    const string Groups = "groups", Adds = "adds";

    public override string Name => nameof(NormedSiluFunction);

    /// <param name="x">[B, C, H, W]</param>
    /// <param name="added">[B, C], or null.</param>
    /// <returns>[B, C, H, W] with its channels side by side.</returns>
    public static Tensor Of(Tensor x, Tensor? added, Tensor weight, Tensor bias, int groups)
    {
        Check(x, added, weight, bias, groups);
        var y = added is null ? apply(x, weight, bias, groups) : apply(x, weight, bias, groups, added);
        if (ModuleCounter.Active is { } counter)
        {
            Tensor[] inputs = added is null ? [x] : [x, added];
            counter.Add(NormedSiluCount.Of(counter.Name("norm"), y.shape, groups, added is not null, y.requires_grad), y, inputs, [weight, bias]);
        }
        return y;
    }

    /// <summary>Whether the kernels can do this: a float for each channel, and channels in whole vectors.</summary>
    public static bool Takes(Tensor x) => x.dtype == ScalarType.Float32 && x.device_type == TorchSharp.DeviceType.CPU && x.shape[1] % NormedSilu.Lanes == 0;

    // Kernels do not look where they read.
    static void Check(Tensor x, Tensor? added, Tensor weight, Tensor bias, int groups)
    {
        var channels = x.shape[1];
        if (!Takes(x) || channels % groups != 0 || weight.numel() != channels || bias.numel() != channels
            || added is not null && (added.shape[0] != x.shape[0] || added.shape[1] != channels))
        {
            throw new ArgumentException(
                $"{string.Join('×', x.shape)} numbers, {weight.numel()} weights and {groups} groups → expected a weight and a bias for each channel, "
                + $"channels that {groups} and {NormedSilu.Lanes} divide, and a number for each sample and channel to add → check the layer's sizes.", nameof(x));
        }
    }

    public override Tensor forward(AutogradContext ctx, params object[] vars)
    {
        var (x, weight, bias, groups) = (SideBySide((Tensor)vars[0]), (Tensor)vars[1], (Tensor)vars[2], (int)vars[3]);
        var added = vars.Length > 4 ? ((Tensor)vars[4]).contiguous() : null;
        var (map, samples, shape) = (Map(x, groups), (int)x.shape[0], x.shape);
        var y = empty_strided([shape[0], shape[3], shape[1], shape[2]], [map.Numbers, 1, shape[2] * shape[3], shape[3]]);
        var kept = empty(samples, KeptVectors.Count * map.Channels);
        float* from = NativeFloats.Of(x), to = First(y), notes = NativeFloats.Of(kept), w = NativeFloats.Of(weight), b = NativeFloats.Of(bias);
        var more = added is null ? null : NativeFloats.Of(added);
        ThreadTeam.Of(get_num_threads()).ForEach(samples, sample => NormedSilu.Forward(map,
            from + (nint)sample * map.Numbers, more is null ? null : more + (nint)sample * map.Channels, w, b, to + (nint)sample * map.Numbers,
            new(notes + (nint)sample * KeptVectors.Count * map.Channels, map.Channels)));
        ctx.save_for_backward([x, weight, bias, kept]);
        ctx.save_data(Groups, groups);
        ctx.save_data(Adds, added is not null);
        return y;
    }

    public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output)
    {
        var (saved, gradient) = (ctx.get_saved_variables(), SideBySide(grad_output));
        var (x, weight, bias) = (saved[0], saved[1], saved[2]);
        var (map, samples, shape) = (Map(x, (int)ctx.get_data(Groups)!), (int)x.shape[0], grad_output.shape);
        var result = empty_strided(shape, [map.Numbers, 1, shape[3] * shape[1], shape[1]]);
        var gradients = empty(samples, ChannelGradients.Count, map.Channels);
        float* from = NativeFloats.Of(x), ofY = NativeFloats.Of(gradient), to = First(result), notes = NativeFloats.Of(saved[3]);
        float* w = NativeFloats.Of(weight), b = NativeFloats.Of(bias), sums = NativeFloats.Of(gradients);
        ThreadTeam.Of(get_num_threads()).ForEach(samples, sample =>
        {
            var at = (nint)sample * map.Numbers;
            NormedSilu.Backward(map, from + at, w, b, new(notes + (nint)sample * KeptVectors.Count * map.Channels, map.Channels), ofY + at, to + at,
                new(sums + (nint)sample * ChannelGradients.Count * map.Channels, map.Channels));
        });
        // Of all samples in their order, whoever computed them.
        var (ofWeight, ofBias) = (gradients.select(1, 0).sum([0L]), gradients.select(1, 1).sum([0L]));
        return (bool)ctx.get_data(Adds)! ? [result, ofWeight, ofBias, null!, gradients.select(1, 2)] : [result, ofWeight, ofBias, null!];
    }

    // [B, C, H, W] → [B, H, W, C] in this order in memory; most often it lies so already.
    static Tensor SideBySide(Tensor x) => x.permute(0, 2, 3, 1).contiguous();

    static GroupedMap Map(Tensor x, int groups) => new((int)(x.shape[1] * x.shape[2]), (int)x.shape[3], groups);

    // Of a tensor without gaps in an order of its own.
    static float* First(Tensor x)
    {
        using var flat = x.permute(0, 2, 3, 1);
        return NativeFloats.Of(flat);
    }
}

/// <summary>What <see cref="NormedSilu"/> does, counted.</summary>
static class NormedSiluCount
{
    // Per number. Statistics 4, scale and shift 2, SiLU 4; to add, another.
    const int ForwardFlops = 10;

    // Per number. Scale and shift 2, SiLU 9, two sums 4, scale and slope 4.
    const int BackwardFlops = 19;

    public static LayerCount Of(string layer, IReadOnlyList<long> shape, int groups, bool adds, bool gradient)
    {
        var (samples, channels) = (shape[0], shape[1]);
        var numbers = samples * channels * shape[2] * shape[3];
        var (ofSamples, more) = (samples * channels, adds ? 1 : 0);
        return LayerCount.Of(layer, $"{(adds ? "add, " : "")}group norm ({groups}), silu", shape) with
        {
            Parameters = 2 * channels,
            // x read once from memory, y written.
            Forward = Pass((ForwardFlops + more) * numbers, 2 * numbers + 2 * channels + (KeptVectors.Count + more) * ofSamples),
            DataGradient = gradient
                ? Pass(BackwardFlops * numbers, 3 * numbers + 4 * channels + (KeptVectors.Count + 2 + more) * ofSamples)
                : default,
            UniqueBytes = sizeof(float) * (numbers + (gradient ? 2 : 1) * 2 * channels + KeptVectors.Count * ofSamples),
        };

        static Work Pass(long flops, long moved) => new(0, flops, sizeof(float) * moved, 1);
    }
}

using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Cloud.MicroDiffusion;

/// <summary>A U-Net's sizes, and what it is told of its data.</summary>
/// <param name="Channels">Of each level; a level has half the height and width of the one above it.</param>
/// <param name="Groups">Of channels that are normalised together.</param>
/// <param name="Embedding">Numbers that tell the blocks about the timestep.</param>
/// <param name="Deviation">Of the pixels, which lie between −1 and 1.</param>
public sealed record MicroDiffusionGeometry(int Side, int Colours, IReadOnlyList<int> Channels, int Groups, int Embedding, int Timesteps, double Deviation)
{
    public static MicroDiffusionGeometry From(Geometry geometry) => new(
        geometry.Int("side"), geometry.Int("colours"), geometry.Ints("channels"), geometry.Int("groups"), geometry.Int("embedding"),
        geometry.Int("timesteps"), geometry.Number("deviation"));

    public int Pixels => Colours * Side * Side;
}

/// <summary>
/// Predicts the noise in noised images (Ho et al., 2020). The best multiple of x_t is a prediction already; the network adds what is missing, in units
/// of the error that this leaves (Karras et al., 2022): F(x, t) is of size 1 at every timestep.
/// </summary>
public sealed class MicroDiffusionModel : Module<Tensor, Tensor>, IPlainForm
{
    readonly MicroDiffusionGeometry sizes;
    readonly NoiseSchedule schedule;
    readonly Linear wave, moment;
    readonly Conv2d enter, leave;
    readonly ModuleList<ResidualBlock> down = new(), up = new();
    readonly ModuleList<Conv2d> smaller = new(), narrower = new();
    readonly Upsample larger;
    readonly NormSilu last;

    public MicroDiffusionModel(MicroDiffusionGeometry sizes) : base(nameof(MicroDiffusionModel))
    {
        (this.sizes, schedule) = (sizes, new NoiseSchedule(sizes.Timesteps));
        var (channels, first) = (sizes.Channels, sizes.Channels[0]);
        wave = Linear(first, sizes.Embedding);
        moment = Linear(sizes.Embedding, sizes.Embedding);
        enter = Conv2d(sizes.Colours, first, kernel_size: 3, padding: 1);
        down.Add(new ResidualBlock(first, first, sizes));
        for (var level = 1; level < channels.Count; level++)
        {
            smaller.Add(Conv2d(channels[level - 1], channels[level - 1], kernel_size: 3, stride: 2, padding: 1));
            down.Add(new ResidualBlock(channels[level - 1], channels[level], sizes));
        }
        for (var level = channels.Count - 2; level >= 0; level--)
        {
            narrower.Add(Conv2d(channels[level + 1], channels[level], kernel_size: 1));
            up.Add(new ResidualBlock(2 * channels[level], channels[level], sizes));
        }
        larger = Upsample(scale_factor: [2, 2], mode: UpsampleMode.Nearest);
        last = new NormSilu(first, sizes.Groups);
        leave = ResidualBlock.Silent(Conv2d(first, sizes.Colours, kernel_size: 3, padding: 1));
        RegisterComponents();
    }

    /// <summary>The layout of TorchSharp's users, a plane for each channel, instead of a pixel's channels side by side.</summary>
    public bool IsPlain { get; set; }

    // x [B, C·H·W + 1] → [B, C, H, W]
    public override Tensor forward(Tensor x) => Predict(x, null);

    /// <summary>The noise in <see cref="Noised.Rows"/>.</summary>
    /// <param name="told">The timestep that the blocks are told of, for all samples; their own when absent.</param>
    public Tensor Predict(Tensor x, int? told)
    {
        int[] t = [.. x.narrow(1, sizes.Pixels, 1).contiguous().data<float>().Select(one => (int)one)];
        var noised = x.narrow(1, 0, sizes.Pixels).view(-1, sizes.Colours, sizes.Side, sizes.Side);
        var missing = Network(F.mul(noised, NoiseSchedule.PerSample(t, one => 1 / Math.Sqrt(Variance(one))).expand_as(noised)),
            [.. t.Select(one => told ?? one)]);
        // ε ≈ √(1 − ᾱ)·x_t / var(x_t), which is off by √ᾱ·σ / √var(x_t)
        var multiple = F.mul(noised, NoiseSchedule.PerSample(t, one => schedule.Noise(one) / Variance(one)).expand_as(noised));
        var error = NoiseSchedule.PerSample(t, one => schedule.Signal(one) * sizes.Deviation / Math.Sqrt(Variance(one)));
        return F.add(multiple, F.mul(missing, error.expand_as(missing)));
    }

    // Of x_t.
    double Variance(int t) => schedule.Kept(t) * sizes.Deviation * sizes.Deviation + 1 - schedule.Kept(t);

    // x [B, 3, 32, 32] → the same
    Tensor Network(Tensor x, int[] t)
    {
        var time = F.silu(moment.call(F.silu(wave.call(Waves(t)))));         // [B, E]
        if (!IsPlain) x = x.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);
        x = down[0].call(enter.call(x), time);                               // [B, 64, 32, 32]
        var skips = new Stack<Tensor>();
        foreach (var (half, block) in smaller.Zip(down.Skip(1)))
        {
            skips.Push(x);
            x = block.call(half.call(x), time);                              // [B, 128, 16, 16], [B, 256, 8, 8]
        }
        foreach (var (narrow, block) in narrower.Zip(up))
            x = block.call(F.cat([larger.call(narrow.call(x)), skips.Pop()], 1), time);   // [B, 128, 16, 16], [B, 64, 32, 32]
        return leave.call(last.call(x, null));
    }

    // Sines and cosines of frequencies from 1 to 1/10,000, as positions have in Vaswani et al., 2017. [B, 64]
    Tensor Waves(int[] t)
    {
        var half = sizes.Channels[0] / 2;
        var angles = t.SelectMany(one => Enumerable.Range(0, half).Select(i => one * Math.Pow(10_000, -(double)i / half)), (one, angle) => angle).Chunk(half);
        return AlignedTensor.Of([.. angles.SelectMany(row => row.Select(Math.Sin).Concat(row.Select(Math.Cos)).Select(value => (float)value))], t.Length, 2 * half);
    }
}

/// <summary>Two convolutions beside a connection that skips them. Between them the timestep moves every channel.</summary>
sealed class ResidualBlock : Module<Tensor, Tensor, Tensor>
{
    readonly NormSilu before, between;
    readonly Conv2d first, second;
    readonly Conv2d? skip;
    readonly Linear time;

    public ResidualBlock(int inputs, int outputs, MicroDiffusionGeometry sizes) : base(nameof(ResidualBlock))
    {
        before = new NormSilu(inputs, sizes.Groups);
        first = Conv2d(inputs, outputs, kernel_size: 3, padding: 1);
        time = Linear(sizes.Embedding, outputs);
        between = new NormSilu(outputs, sizes.Groups);
        second = Silent(Conv2d(outputs, outputs, kernel_size: 3, padding: 1));
        skip = inputs == outputs ? null : Conv2d(inputs, outputs, kernel_size: 1);
        RegisterComponents();
    }

    /// <summary>A layer that begins with zeros, so that the network begins as its skips.</summary>
    public static Conv2d Silent(Conv2d layer)
    {
        foreach (var parameter in layer.parameters()) init.zeros_(parameter);
        return layer;
    }

    // x [B, C, H, W], moment [B, E] → [B, C', H, W]
    public override Tensor forward(Tensor x, Tensor moment)
    {
        var h = first.call(before.call(x, null));
        h = second.call(between.call(h, time.call(moment)));
        return F.add(skip is null ? x : skip.call(x), h);
    }
}

/// <summary>Group norm (Wu and He, 2018) of an input, or of its sum with a number per sample and channel, and SiLU.</summary>
sealed class NormSilu : Module<Tensor, Tensor?, Tensor>, IPlainForm
{
    readonly GroupNorm norm;

    public NormSilu(int channels, int groups) : base(nameof(NormSilu))
    {
        norm = GroupNorm(groups, channels);
        // TorchSharp leaves them as it finds the memory.
        init.ones_(norm.weight!);
        init.zeros_(norm.bias!);
        RegisterComponents();
    }

    /// <summary>libtorch's operators instead of <see cref="NormedSiluFunction"/>, which computes the same in one pass.</summary>
    public bool IsPlain { get; set; }

    // x [B, C, H, W], added [B, C] → [B, C, H, W]
    public override Tensor forward(Tensor x, Tensor? added)
    {
        if (!IsPlain && NormedSiluFunction.Takes(x)) return NormedSiluFunction.Of(x, added, norm.weight!, norm.bias!, (int)norm.num_groups);
        return F.silu(norm.call(added is null ? x : F.add_per_channel(x, added)));
    }
}

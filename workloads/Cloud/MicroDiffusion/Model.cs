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

    public NoiseSchedule Schedule => new(Timesteps, Deviation);
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
    readonly ModuleList<Level> levels = new();
    readonly NormSilu last;

    public MicroDiffusionModel(MicroDiffusionGeometry sizes) : base(nameof(MicroDiffusionModel))
    {
        (this.sizes, schedule) = (sizes, sizes.Schedule);
        var first = sizes.Channels[0];
        wave = Linear(first, sizes.Embedding);
        moment = Linear(sizes.Embedding, sizes.Embedding);
        enter = Conv2d(sizes.Colours, first, kernel_size: 3, padding: 1);
        for (var level = 0; level < sizes.Channels.Count; level++) levels.Add(new Level(level, sizes));
        last = new NormSilu(first, sizes.Groups);
        leave = Conv2d(first, sizes.Colours, kernel_size: 3, padding: 1);
        RegisterComponents();
        // Blocks can tell timesteps apart from the first step on, and the network begins with the best multiple.
        foreach (var layer in (Linear[])[wave, moment]) init.kaiming_normal_(layer.weight!);
        foreach (var parameter in leave.parameters()) init.zeros_(parameter);
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
        var missing = Network(F.mul(noised, NoiseSchedule.PerSample(t, one => 1 / Math.Sqrt(schedule.Variance(one))).expand_as(noised)),
            [.. t.Select(one => told ?? one)]);
        var multiple = F.mul(noised, NoiseSchedule.PerSample(t, one => schedule.Noise(one) / schedule.Variance(one)).expand_as(noised));
        return F.add(multiple, F.mul(missing, NoiseSchedule.PerSample(t, schedule.Error).expand_as(missing)));
    }

    // x [B, 3, 32, 32] → the same
    Tensor Network(Tensor x, int[] t)
    {
        var time = F.silu(moment.call(F.silu(wave.call(Waves(t)))));         // [B, E]
        if (!IsPlain) x = x.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);
        x = enter.call(x);                                                   // [B, 64, 32, 32]
        var skips = new Stack<Tensor>();
        foreach (var level in levels)
        {
            x = level.Down(x, time);                                         // [B, 64, 32, 32], [B, 128, 16, 16], [B, 256, 8, 8]
            skips.Push(x);
        }
        x = skips.Pop();
        foreach (var level in levels.Reverse().Skip(1)) x = level.Up(x, skips.Pop(), time);    // [B, 128, 16, 16], [B, 64, 32, 32]
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

/// <summary>What happens at one size of an image: a block on the way down and, but for the smallest size, one on the way up.</summary>
sealed class Level : Module
{
    readonly Conv2d? half, narrow;
    readonly ResidualBlock down;
    readonly Upsample? twice;
    readonly ResidualBlock? up;

    public Level(int level, MicroDiffusionGeometry sizes) : base(nameof(Level))
    {
        var (channels, own) = (sizes.Channels, sizes.Channels[level]);
        var above = channels[Math.Max(level - 1, 0)];
        if (level > 0) half = Conv2d(above, above, kernel_size: 3, stride: 2, padding: 1);
        down = new ResidualBlock(above, own, sizes);
        if (level + 1 < channels.Count)
        {
            narrow = Conv2d(channels[level + 1], own, kernel_size: 1);
            twice = Upsample(scale_factor: [2, 2], mode: UpsampleMode.Nearest);
            up = new ResidualBlock(2 * own, own, sizes);
        }
        RegisterComponents();
    }

    // x [B, C above, 2H, 2W], at the largest size [B, C, H, W] → [B, C, H, W]
    public Tensor Down(Tensor x, Tensor time) => down.call(half is null ? x : half.call(x), time);

    // x [B, C below, H/2, W/2], skip [B, C, H, W] → [B, C, H, W]
    public Tensor Up(Tensor x, Tensor skip, Tensor time) => up!.call(F.cat([twice!.call(narrow!.call(x)), skip], 1), time);
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
        second = Conv2d(outputs, outputs, kernel_size: 3, padding: 1);
        skip = inputs == outputs ? null : Conv2d(inputs, outputs, kernel_size: 1);
        RegisterComponents();
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

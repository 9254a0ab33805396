using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Cloud.MicroDiffusion;

/// <summary>
/// How an image becomes noise (Ho et al., 2020): x_t = √ᾱ(t)·x_0 + √(1 − ᾱ(t))·ε, with the cosine schedule of Nichol and Dhariwal, 2021. Their linear
/// one of the same length spends a third of its timesteps where nothing but noise is left.
/// </summary>
public sealed class NoiseSchedule
{
    // Keeps the first timestep from adding next to nothing.
    const double Offset = 0.008;

    const double MostPerStep = 0.999;

    readonly double[] kept;
    readonly double deviation;

    /// <param name="deviation">Of an image's pixels.</param>
    public NoiseSchedule(int timesteps, double deviation)
    {
        this.deviation = deviation;
        kept = new double[timesteps];
        var product = 1.0;
        for (var t = 0; t < timesteps; t++) kept[t] = product *= 1 - Math.Min(MostPerStep, 1 - Remaining(t + 1) / Remaining(t));

        double Remaining(int t) => Math.Pow(Math.Cos(((double)t / timesteps + Offset) / (1 + Offset) * Math.PI / 2), 2);
    }

    public int Timesteps => kept.Length;

    /// <summary>ᾱ: the share of the variance that is still the image's.</summary>
    public double Kept(int t) => kept[t];

    /// <summary>√ᾱ, the image's factor.</summary>
    public double Signal(int t) => Math.Sqrt(kept[t]);

    /// <summary>√(1 − ᾱ), the noise's factor.</summary>
    public double Noise(int t) => Math.Sqrt(1 - kept[t]);

    /// <summary>Of x_t.</summary>
    public double Variance(int t) => kept[t] * deviation * deviation + 1 - kept[t];

    /// <summary>How far the best multiple of x_t, √(1 − ᾱ)·x_t / var(x_t), is off the noise: √ᾱ·σ / √var(x_t).</summary>
    public double Error(int t) => Signal(t) * deviation / Math.Sqrt(Variance(t));

    /// <summary>x_t [B, C, H, W] of images of the same shape.</summary>
    /// <param name="t">One timestep for each.</param>
    public Tensor Noised(Tensor images, IReadOnlyList<int> t, Tensor noise) => PerSample(t, Signal) * images + PerSample(t, Noise) * noise;

    /// <summary>[B, 1, 1, 1]</summary>
    public static Tensor PerSample(IReadOnlyList<int> t, Func<int, double> value) =>
        AlignedTensor.Of([.. t.Select(one => (float)value(one))], t.Count, 1, 1, 1);
}

/// <summary>Noised images, and the noise and the timesteps that made them so.</summary>
/// <param name="Rows">[B, C·H·W + 1]: an image's pixels, then its timestep, which is all that a model is shown.</param>
/// <param name="Noise">[B, C, H, W]: what it is to find.</param>
public sealed record Noised(Tensor Rows, Tensor Noise)
{
    /// <param name="images">[B, C, H, W]</param>
    public static Noised Of(NoiseSchedule schedule, Tensor images, IReadOnlyList<int> t, ulong seed)
    {
        using var generator = new Generator(seed);
        var noise = randn(images.shape, generator: generator);
        return new(Row(schedule.Noised(images, t, noise), t), noise);
    }

    public static Tensor Row(Tensor noised, IReadOnlyList<int> t) =>
        cat([noised.flatten(1), AlignedTensor.Of([.. t.Select(one => (float)one)], t.Count, 1)], 1);
}

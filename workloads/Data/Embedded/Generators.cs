using System.Numerics;

namespace MlPerfEdu.Data;

/// <summary>What an embedded data set is made from; datasets.yaml pins the values and the digest of the output.</summary>
/// <param name="Train">Samples in the training split.</param>
/// <param name="Test">Samples in the split that is only scored.</param>
public sealed record GeneratorSettings(string DataSet, ulong Seed, int Train, int Test)
{
    /// <summary>Checked between samples.</summary>
    public CancellationToken Stop { get; init; }

    internal ParallelOptions Parallel => new() { CancellationToken = Stop };

    internal static GeneratorSettings Of(DataResolution data, string scored = "test") => Of(data.Entry, scored) with { Stop = data.Stop };

    internal static GeneratorSettings Of(DataSetEntry entry, string scored = "test") =>
        new(entry.Id, SeedOf(entry), entry.Splits["train"], entry.Splits[scored]);

    internal static ulong SeedOf(DataSetEntry entry) =>
        entry.Seed ?? throw StoreErrors.NotAvailable(entry.Id, "it has no seed in datasets.yaml.");

    internal Provenance Provenance() =>
        new(DataSet, DataTier.Embedded, [], $"{DataSet}: {Train} + {Test} generated samples, seed {Seed}; not a real data set.");
}

/// <summary>What the embedded data sets have in common: they are made exactly as datasets.yaml pins them.</summary>
static class Generators
{
    /// <summary>In place of a file name, which a generated data set does not have.</summary>
    public const string Contents = "contents";

    public delegate void Draw(int label, ref Xoshiro random, Span<byte> image);

    /// <summary>Square images; labels take turns through the classes.</summary>
    public static ImageDataSet Images(GeneratorSettings settings, int side, IReadOnlyList<string> classes, Draw draw, int channels = 1)
    {
        var numbers = channels * side * side;
        return new(Split(0, settings.Train), Split(1, settings.Test), classes, settings.Provenance());

        LabelledImages Split(int split, int count)
        {
            var pixels = new byte[count * numbers];
            var labels = new byte[count];
            Parallel.For(0, count, settings.Parallel, i =>
            {
                var random = Xoshiro.ForSample(settings.Seed, split, i);
                labels[i] = (byte)(i % classes.Count);
                draw(labels[i], ref random, pixels.AsSpan(i * numbers, numbers));
            });
            return new(pixels, labels, channels, side, side);
        }
    }

    /// <exception cref="DataException">When the samples are not the pinned ones.</exception>
    public static T Checked<T>(DataResolution data, T generated) where T : DataSet
    {
        var (digest, pinned) = (generated.ContentsDigest(), data.Entry.ContentsSha256);
        if (digest != pinned) throw StoreErrors.GeneratedOtherwise(data.Entry.Id, digest, pinned ?? "one in datasets.yaml");
        return generated with { Provenance = generated.Provenance with { Files = [new(Contents, digest)] } };
    }
}

/// <summary>xoshiro256** seeded by splitmix64 (Blackman and Vigna 2018): the same numbers on every machine and in every release,
/// which System.Random does not promise.</summary>
public struct Xoshiro
{
    ulong a, b, c, d;

    public Xoshiro(ulong seed)
    {
        a = SplitMix(ref seed);
        b = SplitMix(ref seed);
        c = SplitMix(ref seed);
        d = SplitMix(ref seed);
    }

    /// <summary>An independent stream per sample, so that samples can be made in any order and in parallel.</summary>
    public static Xoshiro ForSample(ulong seed, int split, int index)
    {
        var state = seed ^ ((ulong)(uint)split << 32 | (uint)index);
        return new(SplitMix(ref state));
    }

    public ulong Next()
    {
        var result = BitOperations.RotateLeft(b * 5, 7) * 9;
        var t = b << 17;
        c ^= a;
        d ^= b;
        b ^= c;
        a ^= d;
        c ^= t;
        d = BitOperations.RotateLeft(d, 45);
        return result;
    }

    /// <summary>Uniform in [0, 1), 53 bits.</summary>
    public double Uniform() => (Next() >> 11) * (1.0 / (1UL << 53));
    public double Uniform(double low, double high) => low + (high - low) * Uniform();

    /// <summary>Uniform in 0 … bound-1; the bias of the multiplication is below 2⁻³² for the small bounds used here.</summary>
    public int Below(int bound) => (int)((Next() >> 32) * (ulong)bound >> 32);
    public bool Chance(double probability) => Uniform() < probability;

    /// <summary>Close to a standard normal: four 16-bit uniforms summed, since a logarithm's last bit differs between machines.</summary>
    public double Bell()
    {
        var bits = Next();
        var sum = (uint)(ushort)bits + (ushort)(bits >> 16) + (ushort)(bits >> 32) + (ushort)(bits >> 48);
        return (sum - 131070.0) * (1.7320508075688772 / 65536);
    }

    static ulong SplitMix(ref ulong state)
    {
        var z = state += 0x9E3779B97F4A7C15;
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
        z = (z ^ z >> 27) * 0x94D049BB133111EB;
        return z ^ z >> 31;
    }
}

/// <summary>Sine and cosine of an angle in turns, from additions and multiplications only: IEEE 754 fixes those to the last bit,
/// while the sine of each machine's maths library rounds in its own way.</summary>
static class Trigonometry
{
    public static double Cos(double turns) => Sin(turns + 0.25);

    public static double Sin(double turns)
    {
        // Fold into [-1/4, 1/4] turn, where the series below is good to 1e-9.
        var t = turns - Math.Floor(turns + 0.5);
        if (t > 0.25) t = 0.5 - t;
        else if (t < -0.25) t = -0.5 - t;

        var x = t * (2 * Math.PI);
        var y = x * x;
        return x * (1 + y * (-1.0 / 6 + y * (1.0 / 120 + y * (-1.0 / 5040 + y * (1.0 / 362880 + y * (-1.0 / 39916800 + y / 6227020800))))));
    }
}

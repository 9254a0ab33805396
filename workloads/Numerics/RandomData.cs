namespace MlPerfEdu.Numerics;

/// <summary>Numbers that are the same on every machine.</summary>
public sealed class RandomData(int seed)
{
    readonly Random random = new(seed);

    public int Below(int bound) => random.Next(bound);
    public int Between(int least, int most) => random.Next(least, most + 1);
    public double Share() => random.NextDouble();

    /// <summary>N(0, 1).</summary>
    public float Normal()
    {
        // Box and Muller; 1 - u keeps the logarithm finite.
        var radius = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
        return (float)(radius * Math.Cos(2 * Math.PI * random.NextDouble()));
    }

    public float[] Normals(int count) => [.. Enumerable.Range(0, count).Select(_ => Normal())];

    /// <summary>(rows, columns) from N(0, 1/√columns): products with them keep their usual size.</summary>
    public float[] Weights(int rows, int columns) => [.. Normals(rows * columns).Select(value => value / MathF.Sqrt(columns))];
}

/// <summary>A random generator with a word of state, the same on every machine (Steele et al. 2014).</summary>
struct SplitMix(ulong seed)
{
    ulong state = seed;

    /// <summary>0 to below 1.</summary>
    public double Share()
    {
        var mixed = state += 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return ((mixed ^ (mixed >> 31)) >> 11) * (1.0 / (1UL << 53));
    }
}

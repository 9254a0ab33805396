namespace MlPerfEdu.Serving.Numerics;

/// <summary>Numbers that are the same on every machine.</summary>
public sealed class RandomData(int seed)
{
    readonly Random _random = new(seed);

    public int Below(int bound) => _random.Next(bound);

    public int Between(int least, int most) => _random.Next(least, most + 1);

    public double Share() => _random.NextDouble();

    /// <summary>N(0, 1).</summary>
    public float Normal()
    {
        // Box and Muller; 1 - u keeps the logarithm finite.
        var radius = Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble()));
        return (float)(radius * Math.Cos(2 * Math.PI * _random.NextDouble()));
    }

    public float[] Normals(int count)
    {
        var values = new float[count];
        for (var index = 0; index < count; index++)
            values[index] = Normal();
        return values;
    }
}

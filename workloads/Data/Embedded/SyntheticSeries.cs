namespace MlPerfEdu.Data;

/// <summary>
/// Hours in the shape of ETTh1: six loads with days and weeks of their own, and a temperature that follows them slowly, over a level that drifts and a
/// long season. Loads and temperature have noise; repeating the last value misses the days, repeating the last day doubles the noise.
/// </summary>
public static class SyntheticSeries
{
    const int Day = 24, Week = 7 * Day;

    // Of a value: three digits, as a meter has them.
    const double Resolution = 1000;

    [Reads("synthetic-series")]
    public static SeriesDataSet Load(DataResolution data) => Generators.Checked(data, Generate(GeneratorSettings.Of(data, "validation")));

    public static SeriesDataSet Generate(GeneratorSettings settings)
    {
        var random = new Xoshiro(settings.Seed);
        var (loads, hours) = (new Consumer[Ett.Names.Length - 1], settings.Train + settings.Test);
        for (var i = 0; i < loads.Length; i++) loads[i] = new Consumer(ref random);
        var values = new float[hours * Ett.Names.Length];
        var (level, heat) = (0.0, 0.0);
        for (var hour = 0; hour < hours; hour++)
        {
            var row = values.AsSpan(hour * Ett.Names.Length, Ett.Names.Length);
            var sum = 0.0;
            for (var i = 0; i < loads.Length; i++)
            {
                var load = loads[i].At(hour, ref random);
                row[i] = Rounded(load);
                sum += load - loads[i].Mean;
            }
            level = 0.999 * level + 0.12 * random.Bell();
            heat += 0.2 * (sum - heat);
            var season = 6 * Trigonometry.Sin((double)hour / settings.Train);
            var day = 2 * Trigonometry.Sin((hour - 9.0) / Day);
            row[^1] = Rounded(20 + season + level + day + 0.4 * heat + 0.3 * random.Bell());
        }
        return new(Ett.Names, values, settings.Train, settings.Provenance());
    }

    // Rounded before it becomes a float, so that the same digits are the same bits everywhere.
    static float Rounded(double value) => (float)(Math.Round(value * Resolution) / Resolution);

    /// <summary>A mean, a day with its second harmonic, quieter weekends, and deviations that last for some hours.</summary>
    sealed class Consumer
    {
        readonly double day, harmonic, phase, weekend;
        double deviation;

        public Consumer(ref Xoshiro random)
        {
            Mean = random.Uniform(2, 10);
            day = random.Uniform(0.5, 2);
            harmonic = random.Uniform(0.1, 0.6);
            phase = random.Uniform();
            weekend = random.Uniform(0.3, 0.9);
        }

        public double Mean { get; }

        public double At(int hour, ref Xoshiro random)
        {
            deviation = 0.8 * deviation + 0.3 * random.Bell();
            var turns = (double)hour / Day + phase;
            var share = hour % Week >= 5 * Day ? weekend : 1;
            return Mean + share * (day * Trigonometry.Sin(turns) + harmonic * Trigonometry.Sin(2 * turns)) + deviation;
        }
    }
}

using MlPerfEdu.Serving.Calibration;

namespace MlPerfEdu.Serving.Tests.Modules;

[InvariantsOf("scale-calibration")]
sealed class CalibrationInvariants : IInvariants
{
    public IEnumerable<KernelInvariant> Invariants() => Trials.Run(seed: 23, trials: 60, (random, check) =>
    {
        var (channels, bits, rows) = (random.Between(1, 40), random.Between(2, 12), random.Between(1, 300));
        var share = 100 * (1 - random.Share() * random.Share());
        var activations = random.Normals(rows * channels);
        var minMax = AlreadyUsed(new MinMaxCalibrator(channels, bits), random);
        float[] maxima = Scales(minMax, activations, random);
        var plain = PlainScales(activations, channels, 100, minMax.LargestCode);
        check.AtMost("min-max is the largest magnitude over the largest code", 1e-6, Difference.Relative(plain, maxima));
        check.AtMost("one scale for all is the largest of the channels", 1e-9, Math.Abs(plain.Max() - minMax.ComputeScale()));

        var percentile = Scales(
            AlreadyUsed(new PercentileCalibrator(channels, bits, share, rows + random.Below(500)), random), activations, random);
        check.AtMost("a percentile is that of all magnitudes sorted, for any number of them", 1e-6,
            Difference.Relative(PlainScales(activations, channels, share, minMax.LargestCode), percentile));
        var hundredth = Scales(new PercentileCalibrator(channels, bits, 100, rows), activations, random);
        check.AtMost("the percentile 100 is min-max", 1e-9, Difference.Largest(maxima, hundredth));

        var leastError = new LeastErrorCalibrator(channels, bits, rows);
        AlreadyUsed(leastError, random);
        var best = Scales(leastError, activations, random);
        for (var channel = 0; channel < channels; channel++)
        {
            float[] magnitudes = [.. Channel(activations, channels, channel)];
            check.True("the least error is never above that of min-max",
                leastError.Error(magnitudes, best[channel]) <= leastError.Error(magnitudes, maxima[channel]));
        }
        var ofZeros = Scales(new MinMaxCalibrator(channels, bits), new float[channels], random);
        check.AtMost("a channel of zeros has a tiny scale and not 0", 0, ofZeros.Max(scale => Math.Abs(scale - ScaleCalibrator.SmallestScale)));
    });

    // What was seen before a reset, ten times as large, must not count.
    static ScaleCalibrator AlreadyUsed(ScaleCalibrator calibrator, RandomData random)
    {
        calibrator.Record([.. random.Normals(calibrator.Channels).Select(value => 10 * value)]);
        calibrator.Reset();
        return calibrator;
    }

    // In batches of any size.
    static float[] Scales(ScaleCalibrator calibrator, float[] activations, RandomData random)
    {
        for (var at = 0; at < activations.Length;)
        {
            var rows = Math.Min(random.Between(1, 40), (activations.Length - at) / calibrator.Channels);
            calibrator.Record(activations.AsSpan(at, rows * calibrator.Channels));
            at += rows * calibrator.Channels;
        }
        var scales = new float[calibrator.Channels];
        calibrator.ComputeScales(scales);
        return scales;
    }

    static float[] PlainScales(float[] activations, int channels, double percentile, int largestCode) =>
    [
        .. Enumerable.Range(0, channels).Select(channel =>
        {
            float[] sorted = [.. Channel(activations, channels, channel).Order()];
            var rank = percentile / 100 * (sorted.Length - 1);
            var (low, high) = (sorted[(int)Math.Floor(rank)], sorted[(int)Math.Ceiling(rank)]);
            return (float)((low + (rank - Math.Floor(rank)) * (high - low)) / largestCode);
        }),
    ];

    static IEnumerable<float> Channel(float[] activations, int channels, int channel) =>
        activations.Where((_, at) => at % channels == channel).Select(Math.Abs);
}

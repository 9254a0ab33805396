using MlPerfEdu.Roofline.Classify;
using MlPerfEdu.Roofline.Peaks;

namespace MlPerfEdu.Roofline.Tests.Peaks;

public class CapacityKneeTests
{
    [Theory]
    [InlineData(new double[] { 1, 2, 3 }, new double[] { 1, 2, 3 })]
    [InlineData(new double[] { 3, 2, 1 }, new double[] { 2, 2, 2 })]
    [InlineData(new double[] { 1, 3, 2, 4 }, new double[] { 1, 2.5, 2.5, 4 })]
    [InlineData(new double[] { 1, 5, 4, 0, 6 }, new double[] { 1, 3, 3, 3, 6 })]
    [InlineData(new double[0], new double[0])]
    public void Isotonic_regression_pools_what_falls(double[] values, double[] expected) =>
        Assert.Equal(expected, IsotonicRegression.Increasing(values));

    // Cache speed up to 24 MB, then four times slower, with 10 % noise.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Finds_the_bracket_of_a_noisy_step(int seed)
    {
        var random = new Random(seed);
        var points = Trace(size => (size <= 24 << 20 ? 1e-11 : 4e-11) * (0.9 + 0.2 * random.NextDouble()));
        var knee = CapacityKnee.Find(points)!.Value;

        Assert.Equal((16 << 20, 32 << 20), ((int)knee.Low, (int)knee.High));
    }

    [Fact]
    public void One_slow_sample_among_the_fast_ones_is_no_knee()
    {
        var points = Trace(size => size == 4 << 20 ? 4e-11 : size <= 24 << 20 ? 1e-11 : 4e-11);

        Assert.Equal(32 << 20, (int)CapacityKnee.Find(points)!.Value.High);
    }

    [Fact]
    public void A_flat_trace_has_none()
    {
        var random = new Random(4);

        Assert.Null(CapacityKnee.Find(Trace(_ => 1e-11 * (0.95 + 0.1 * random.NextDouble()))));
        Assert.Null(CapacityKnee.Find([]));
    }

    [Theory]
    [InlineData(1.19, null)]
    [InlineData(1.2, 2.0)]
    public void A_rise_below_a_fifth_is_noise(double rise, double? knee) =>
        Assert.Equal(knee, CapacityKnee.Find([new(1, 1), new(2, 1), new(4, rise)])?.Low);

    [Fact]
    public void The_knee_is_passed_when_more_than_half_of_the_way_is() =>
        Assert.Equal(new Interval(2, 4), CapacityKnee.Find([new(1, 0.5), new(2, 1), new(4, 2)]));

    [Fact]
    public void Two_points_are_enough_and_may_come_in_any_order()
    {
        Assert.Equal(new Interval(1, 2), CapacityKnee.Find([new(2, 4), new(1, 1)]));
        Assert.Null(CapacityKnee.Find([new(1, 1)]));
    }

    [Fact]
    public void Capacity_covers_the_measured_and_the_stated_size()
    {
        var probe = Sample.Peaks.LastLevelCache;

        Assert.Equal((24e6, 32e6), (probe.Bytes!.Value.Low, probe.Bytes.Value.High));
        Assert.Equal((24e6, 28e6), Bounds(probe with { StatedBytes = null }));
        Assert.Equal((32e6, 32e6), Bounds(probe with { Knee = null }));
        Assert.Null((probe with { Knee = null, StatedBytes = null }).Bytes);

        static (double, double) Bounds(CapacityProbe probe) => (probe.Bytes!.Value.Low, probe.Bytes.Value.High);
    }

    static CapacityPoint[] Trace(Func<long, double> secondsPerByte) =>
        [.. Enumerable.Range(20, 9).Select(power => 1L << power).Select(size => new CapacityPoint(size, secondsPerByte(size)))];
}

public class KneeFinderTests
{
    const double Kilobyte = 1024;
    const double Megabyte = 1024 * Kilobyte;

    public static TheoryData<double, double, double, double, double> Traces => new()
    {
        // L2 and last level in bytes, and GB/s of L2, last level and memory.
        { 1 * Megabyte, 32 * Megabyte, 80, 28, 12 },
        { 512 * Kilobyte, 16 * Megabyte, 120, 60, 20 },
        { 2 * Megabyte, 12 * Megabyte, 60, 40, 8 },
    };

    [Theory]
    [MemberData(nameof(Traces))]
    public void Both_knees_lie_in_their_brackets_in_spite_of_noise(double l2, double last, double fast, double middle, double slow)
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            var random = new Random(seed);
            var knees = KneeFinder.Find(Trace(size => (size <= l2 ? fast : size <= last ? middle : slow) * (0.9 + 0.2 * random.NextDouble())));

            Assert.Equal(2, knees.Count);
            Assert.InRange(l2, knees[0].Bytes.Low, knees[0].Bytes.High);
            Assert.InRange(last, knees[1].Bytes.Low, knees[1].Bytes.High);
            // A bracket of two neighbouring sizes, or of one more where noise hides the last good one.
            Assert.All(knees, knee => Assert.InRange(knee.Bytes.High / knee.Bytes.Low, 1, 1.5));
            Assert.InRange(knees[0].Before / 1e9 / fast, 0.95, 1.05);
            Assert.InRange(knees[1].After / 1e9 / slow, 0.95, 1.05);
        }
    }

    [Fact]
    public void A_flat_trace_has_none()
    {
        for (var seed = 1; seed <= 50; seed++)
        {
            var random = new Random(seed);
            Assert.Empty(KneeFinder.Find(Trace(_ => 20 * (0.9 + 0.2 * random.NextDouble()))));
        }

        Assert.Empty(KneeFinder.Find([]));
    }

    [Fact]
    public void A_slope_between_two_plateaus_is_one_wide_knee()
    {
        // From 8 to 32 MB the set is held in part.
        var knee = Assert.Single(KneeFinder.Find(Trace(size => 40 * Math.Pow(Math.Clamp(size / (8 * Megabyte), 1, 4), -1))));

        Assert.InRange(8 * Megabyte, knee.Bytes.Low, knee.Bytes.High);
        Assert.InRange(26 * Megabyte, knee.Bytes.Low, knee.Bytes.High);
    }

    [Fact]
    public void A_cache_that_is_lost_bit_by_bit_is_one_knee()
    {
        // Four steps of half an octave each between 8 and 32 MB.
        var knee = Assert.Single(KneeFinder.Find(Trace(size => 80 * Math.Pow(0.75, Math.Clamp(Math.Floor(2 * Math.Log2(size / (8 * Megabyte))) + 1, 0, 5)))));

        Assert.InRange(8 * Megabyte, knee.Bytes.Low, knee.Bytes.High);
        Assert.InRange(32 * Megabyte, knee.Bytes.Low, 1.1 * knee.Bytes.High);
    }

    // Six points per octave from 64 KB to 256 MB.
    static CapacityPoint[] Trace(Func<double, double> gigabytesPerSecond) => [.. Enumerable.Range(0, 12 * 6 + 1)
        .Select(step => 64 * Kilobyte * Math.Pow(2, step / 6.0))
        .Select(size => new CapacityPoint((long)size, 1e-9 / gigabytesPerSecond(size)))];
}

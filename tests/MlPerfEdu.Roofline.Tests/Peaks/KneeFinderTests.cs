using MlPerfEdu.Roofline.Peaks;

namespace MlPerfEdu.Roofline.Tests.Peaks;

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

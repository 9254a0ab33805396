using MlPerfEdu.Roofline.Detect;
using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Roofline.Peaks;
using MlPerfEdu.Roofline.Tests.Peaks;

namespace MlPerfEdu.Roofline.Tests.Evidence;

public sealed class PeakCacheTests : IDisposable
{
    readonly TempFolder folder = new();
    readonly string fingerprint = Fingerprint.Of(Sample.Facts);

    static PeakEvidence Evidence => Of(Sample.Peaks);

    PeakCache Cache => new(folder.Path);

    public void Dispose() => folder.Dispose();

    [Fact]
    public void What_was_saved_is_found()
    {
        Cache.Save(Evidence);
        var found = Cache.Find(fingerprint, new FakeTorch());

        Assert.Equal(CanonicalJson.Text(Sample.Peaks), CanonicalJson.Text(found.Peaks));
        Assert.Equal(found.Path, Assert.Single(Directory.GetFiles(folder.Path)));
    }

    [Fact]
    public void An_empty_cache_says_so()
    {
        var found = Cache.Find(fingerprint, new FakeTorch());

        Assert.Equal((null, false), (found.Peaks, found.Damaged));
    }

    [Fact]
    public void Peaks_of_another_libtorch_or_thread_count_are_not_used()
    {
        Cache.Save(Evidence);

        Assert.Contains("backend 'imaginary torch'; this run has 'newer'", Why(new FakeTorch { Backend = "newer" }), StringComparison.Ordinal);
        Assert.Contains("2 threads; this run has 1", Why(new FakeTorch { Threads = 1 }), StringComparison.Ordinal);
    }

    [Fact]
    public void Peaks_of_every_thread_count_stay_in_use()
    {
        Cache.Save(Evidence);
        Cache.Save(Of(Sample.Peaks with { Threads = 1, MeasuredAt = "2026-02-01T00-00-00Z" }));

        Assert.Equal(2, Cache.Find(fingerprint, new FakeTorch { Threads = 2 }).Peaks!.Threads);
        Assert.Equal(1, Cache.Find(fingerprint, new FakeTorch { Threads = 1 }).Peaks!.Threads);
    }

    [Fact]
    public void Damage_is_seen_although_older_peaks_are_intact()
    {
        Cache.Save(Evidence);
        File.WriteAllText(Cache.Save(Of(Sample.Peaks with { MeasuredAt = "2026-02-01T00-00-00Z" })), "{}");
        var found = Cache.Find(fingerprint, new FakeTorch());

        Assert.Equal((null, true), (found.Peaks, found.Damaged));
    }

    [Fact]
    public void A_flipped_byte_is_damage()
    {
        var path = Cache.Save(Evidence);
        var intact = File.ReadAllBytes(path);
        var random = new Random(3);
        foreach (var position in Enumerable.Range(0, 200).Select(_ => random.Next(intact.Length)))
        {
            var bytes = (byte[])intact.Clone();
            bytes[position] ^= 1;
            File.WriteAllBytes(path, bytes);
            var found = Cache.Find(fingerprint, new FakeTorch());

            Assert.True(found.Peaks is null && found.Damaged, $"a flip at byte {position} went unnoticed");
            Assert.Contains(path, found.Why, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_newest_sidecar_of_the_machine_is_in_use()
    {
        Cache.Save(Of(Sample.Peaks with { MeasuredAt = "2026-02-01T00-00-00Z" }));
        Cache.Save(Evidence);

        Assert.Equal("2026-02-01T00-00-00Z", Cache.Find(fingerprint, new FakeTorch()).Peaks!.MeasuredAt);
        Assert.Null(Cache.Find(new string('0', 64), new FakeTorch()).Peaks);
    }

    [Fact]
    public void Peaks_of_an_earlier_schema_are_measured_again()
    {
        Cache.Save(Of(Sample.Peaks with { Schema = 1 }));

        Assert.Contains("was measured with schema 1; this run has 2.", Why(new FakeTorch()), StringComparison.Ordinal);
    }

    static PeakEvidence Of(MachinePeaks peaks) => PeakEvidence.Of(ContentHash.Seal(peaks), MachineRecord.Of(Sample.Facts), SourceState.Unknown);

    string Why(FakeTorch torch)
    {
        var found = Cache.Find(fingerprint, torch);
        Assert.Equal((null, false), (found.Peaks, found.Damaged));
        return found.Why;
    }
}

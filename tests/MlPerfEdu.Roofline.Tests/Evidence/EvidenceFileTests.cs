using MlPerfEdu.Roofline.Evidence;

namespace MlPerfEdu.Roofline.Tests.Evidence;

public sealed class EvidenceFileTests : IDisposable
{
    readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Name_has_the_workload_the_time_and_the_hash()
    {
        var (path, record) = EvidenceFile.Write(folder.File("linux-x64-avx2-llc16m"), Sample.Evidence());

        Assert.Equal($"dscnn-kws-train_2026-01-31T12-30-00Z_{record.ContentSha256[..12]}.json", Path.GetFileName(path));
        Assert.Equal([path], Directory.GetFiles(folder.File("linux-x64-avx2-llc16m")));
    }

    [Fact]
    public void Time_is_written_in_utc() => Assert.Equal(
        "2026-01-31T11-05-09Z", EvidenceFile.Moment(new DateTimeOffset(2026, 1, 31, 12, 5, 9, TimeSpan.FromHours(1))));

    [Fact]
    public void What_was_written_is_read_back_and_verifies()
    {
        var (path, written) = EvidenceFile.Write(folder.Path, Sample.Evidence());

        Assert.Empty(EvidenceVerifier.Verify(path, written.ContentSha256));
        Assert.Equal(CanonicalJson.Text(written), CanonicalJson.Text(EvidenceFile.Read(path)));
    }

    [Fact]
    public void The_same_content_has_the_same_text_however_its_maps_were_filled()
    {
        var record = Sample.Evidence();
        var reordered = record with { Settings = record.Settings.Reverse().ToDictionary() };

        Assert.Equal(CanonicalJson.Text(record), CanonicalJson.Text(reordered));
        Assert.Contains("\"Learning rate\": \"0.001\",\n    \"batch\": \"8\"", CanonicalJson.Text(record), StringComparison.Ordinal);
    }

    [Fact]
    public void Text_is_plain()
    {
        var text = CanonicalJson.Text(Sample.Evidence());

        Assert.DoesNotContain('\r', text);
        Assert.EndsWith("}\n", text, StringComparison.Ordinal);
        Assert.Contains("imaginary ≥ 0.1", text, StringComparison.Ordinal);
        Assert.Contains("\"value\": \"kernel_bound\"", CanonicalJson.Text(KernelBound()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_number_that_is_none_is_refused() => Assert.ThrowsAny<ArgumentException>(
        () => EvidenceFile.Write(folder.Path, Sample.Evidence() with { Cost = new(double.NaN, null, 0, 0) }));

    [Fact]
    public void A_write_that_fails_leaves_nothing_behind()
    {
        var path = folder.File("taken");
        Directory.CreateDirectory(path);

        Assert.ThrowsAny<Exception>(() => AtomicFile.Write(path, "text"u8));
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Reading_a_damaged_one_throws_its_findings()
    {
        var (path, _) = EvidenceFile.Write(folder.Path, Sample.Evidence());
        File.WriteAllText(path, File.ReadAllText(path).Replace("\"seed\": 1", "\"seed\": 2", StringComparison.Ordinal));
        var error = Assert.Throws<EvidenceException>(() => EvidenceFile.Read(path));

        Assert.Contains("MLP3005", error.Message, StringComparison.Ordinal);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    static EvidenceRecord KernelBound()
    {
        var record = Sample.Evidence();
        var dispatch = record.Regimes.Dispatch with { Value = Roofline.Classify.RegimeValue.KernelBound };
        return record with { Regimes = record.Regimes with { Dispatch = dispatch } };
    }
}

public sealed class AtomicFileTests : IDisposable
{
    readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Whoever_reads_the_old_file_meanwhile_reads_all_of_it()
    {
        var path = Path.Combine(folder.Path, "file.json");
        AtomicFile.Write(path, "the old text"u8);
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));

        AtomicFile.Write(path, "new"u8);

        // The file was renamed into place; overwritten in place, the open one would have the new bytes.
        Assert.Equal("the old text", reader.ReadToEnd());
        Assert.Equal("new", File.ReadAllText(path));
        Assert.Equal([path], Directory.EnumerateFiles(folder.Path));
    }
}

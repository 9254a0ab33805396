using MlPerfEdu.Roofline.Classify;
using MlPerfEdu.Roofline.Evidence;

namespace MlPerfEdu.Roofline.Tests;

public class CanonicalJsonTests
{
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
    public void Time_is_written_in_utc() => Assert.Equal(
        "2026-01-31T11-05-09Z", Timestamp.Text(new DateTimeOffset(2026, 1, 31, 12, 5, 9, TimeSpan.FromHours(1))));

    static EvidenceRecord KernelBound()
    {
        var record = Sample.Evidence();
        var dispatch = record.Regimes.Dispatch with { Value = RegimeValue.KernelBound };
        return record with { Regimes = record.Regimes with { Dispatch = dispatch } };
    }
}

public sealed class AtomicFileTests : IDisposable
{
    readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_write_that_fails_leaves_nothing_behind()
    {
        var path = folder.File("taken");
        Directory.CreateDirectory(path);

        Assert.ThrowsAny<Exception>(() => AtomicFile.Write(path, "text"u8));
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

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

    [Fact]
    public void What_a_killed_write_left_goes_an_hour_later()
    {
        var (old, recent, other) = (Path.Combine(folder.Path, ".a.tmp"), Path.Combine(folder.Path, ".b.tmp"), Path.Combine(folder.Path, "c.tmp"));
        foreach (var left in new[] { old, recent, other })
            File.WriteAllText(left, "half");
        File.SetLastWriteTimeUtc(old, DateTime.UtcNow.AddHours(-2));
        File.SetLastWriteTimeUtc(other, DateTime.UtcNow.AddHours(-2));

        var path = Path.Combine(folder.Path, "new.json");
        AtomicFile.Write(path, "new"u8);
        Assert.Equal([recent, other, path], Directory.EnumerateFiles(folder.Path).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_name_that_follows_from_the_contents_is_asked_for_once_they_are_written()
    {
        AtomicFile.Write(folder.Path, path => File.WriteAllText(path, "text"), path => $"{new FileInfo(path).Length}.txt");
        Assert.Equal(["4.txt"], Directory.EnumerateFiles(folder.Path).Select(Path.GetFileName));
        Assert.Throws<IOException>(() => AtomicFile.Write(folder.Path, path => throw new IOException("full"), _ => "never.txt"));
        Assert.Equal(["4.txt"], Directory.EnumerateFiles(folder.Path).Select(Path.GetFileName));
    }
}

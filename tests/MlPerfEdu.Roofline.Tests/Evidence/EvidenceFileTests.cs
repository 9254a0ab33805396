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
    public void What_was_written_is_read_back_and_verifies()
    {
        var (path, written) = EvidenceFile.Write(folder.Path, Sample.Evidence());

        Assert.Empty(EvidenceVerifier.Verify(path, written.ContentSha256));
        Assert.Equal(CanonicalJson.Text(written), CanonicalJson.Text(EvidenceFile.Read(path)));
    }

    [Fact]
    public void A_number_that_is_none_is_refused() => Assert.ThrowsAny<ArgumentException>(
        () => EvidenceFile.Write(folder.Path, Sample.Evidence() with { Cost = new(double.NaN, null, 0, 0) }));

    [Fact]
    public void Reading_a_damaged_one_throws_its_findings()
    {
        var (path, _) = EvidenceFile.Write(folder.Path, Sample.Evidence());
        File.WriteAllText(path, File.ReadAllText(path).Replace("\"seed\": 1", "\"seed\": 2", StringComparison.Ordinal));
        var error = Assert.Throws<EvidenceException>(() => EvidenceFile.Read(path));

        Assert.Contains("MLP3005", error.Message, StringComparison.Ordinal);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }
}

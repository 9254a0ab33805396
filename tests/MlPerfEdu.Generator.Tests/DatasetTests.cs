using MlPerfEdu.Catalog;

namespace MlPerfEdu.Generator.Tests;

public sealed class DatasetTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("mlperfedu-datasets-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void References_are_checked_against_the_file_beside() =>
        Assert.Equal(["MLP0044"], Codes("schema: 1\ndatasets:\n  tones: { size: 3 }\n"));

    [Fact]
    public void Only_the_ids_are_read() =>
        Assert.Empty(Codes("other: [1]\ndatasets:\n  tones: whatever\n  synthetic-tones:\n"));

    [Theory]
    [InlineData("datasets:\n  - tones\n", "MLP0023")]
    [InlineData("sets: {}\n", "MLP0021")]
    [InlineData("[]\n", "MLP0023")]
    [InlineData("datasets: {tones: ", "MLP0005")]
    public void A_broken_data_set_file_is_reported_in_its_own_name(string text, string code)
    {
        Assert.Equal([code], Codes(text));
        Assert.All(Read(text).Diagnostics, found => Assert.EndsWith("datasets.yaml", found.File));
    }

    [Fact]
    public void Without_such_a_file_references_are_not_checked()
    {
        var path = Path.Combine(folder, "workloads.yaml");
        File.WriteAllText(path, Sample.Text);
        Assert.NotNull(WorkloadCatalogReader.Read(path).Catalog);
    }

    IEnumerable<string> Codes(string datasets) => Read(datasets).Diagnostics.Select(found => found.Code);

    CatalogReadResult Read(string datasets)
    {
        var path = Path.Combine(folder, "workloads.yaml");
        File.WriteAllText(path, Sample.Text);
        File.WriteAllText(Path.Combine(folder, "datasets.yaml"), datasets);
        return WorkloadCatalogReader.Read(path);
    }
}

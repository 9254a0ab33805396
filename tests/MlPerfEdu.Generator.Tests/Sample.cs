using System.Text;
using MlPerfEdu.Catalog;

namespace MlPerfEdu.Generator.Tests;

/// <summary>A valid file with three workloads and an experiment, and ways to break it.</summary>
static class Sample
{
    public static readonly string[] Datasets = ["tones", "synthetic-tones"];

    public static string Text { get; } = File.ReadAllText(Repository.PathOf("tests/MlPerfEdu.Generator.Tests/Samples/sample.yaml"));

    /// <summary>The sample with one passage replaced.</summary>
    public static string With(string passage, string replacement)
    {
        var at = Text.IndexOf(passage, StringComparison.Ordinal);
        Assert.True(at >= 0, $"The sample has no '{passage}'.");
        return Text[..at] + replacement + Text[(at + passage.Length)..];
    }

    public static CatalogReadResult Read(string text) => Read(Encoding.UTF8.GetBytes(text));

    public static CatalogReadResult Read(byte[] bytes) => WorkloadCatalogReader.ReadBytes(bytes, "sample.yaml", Datasets);

    public static WorkloadCatalog Catalog(string text)
    {
        var read = Read(text);
        Assert.Empty(read.Diagnostics);
        return read.Catalog!;
    }

    /// <summary>Line and column of a passage, counted from 1.</summary>
    public static (int Line, int Column) PlaceOf(string text, string passage)
    {
        var at = text.IndexOf(passage, StringComparison.Ordinal);
        Assert.True(at >= 0, $"The text has no '{passage}'.");
        var before = text[..at];
        return (before.Count(unit => unit == '\n') + 1, at - before.LastIndexOf('\n'));
    }
}

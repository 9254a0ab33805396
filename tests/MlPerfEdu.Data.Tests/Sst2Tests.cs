using System.Text;
using Xunit.Abstractions;

namespace MlPerfEdu.Data.Tests;

public sealed class Sst2Tests(ITestOutputHelper output) : IDisposable
{
    const int Trained = 67_349, Scored = 872;

    readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Reads_phrases_to_train_on_and_sentences_to_score()
    {
        var set = Sst2.Load(RealData.Find("sst2", output) ?? Of(Lines(Trained), Lines(Scored)));
        Assert.Equal((Trained, Scored), (set.Train.Count, set.Dev.Count));
        Assert.Equal(new("hide new secretions from the parental units ", 0), set.Train[0]);
        Assert.All(set.Train.Concat(set.Dev), sentence => Assert.InRange(sentence.Label, 0, 1));
        Assert.Equal(DataTier.Real, set.Provenance.Tier);
    }

    [Theory]
    [InlineData(1, "label\tsentence")]
    [InlineData(2, "no label")]
    [InlineData(3, "a good film \t2")]
    [InlineData(3, "a good film \t")]
    [InlineData(400, "  \t1")]
    [InlineData(873, "a\ttab in it\t1")]
    public void A_line_that_is_not_sst_2_s_is_refused(int line, string text)
    {
        var lines = Lines(Scored);
        lines[line - 1] = text;
        var e = Assert.Throws<DataException>(() => Sst2.Load(Of(Lines(Trained), lines)));
        Assert.Equal("MLP1080", e.Code);
        Assert.Contains($"dev.tsv, line {line}: found ", e.Message);
    }

    [Fact]
    public void A_file_that_was_cut_is_refused()
    {
        Assert.Equal("MLP1085", Assert.Throws<DataException>(() => Sst2.Load(Of(Lines(Trained), Lines(Scored - 1)))).Code);
        Assert.Equal("MLP1085", Assert.Throws<DataException>(() => Sst2.Load(Of([], Lines(Scored)))).Code);
    }

    // In GLUE's exact layout, its first phrase included.
    static string[] Lines(int count) =>
    [
        "sentence\tlabel", "hide new secretions from the parental units \t0",
        .. Enumerable.Range(1, count - 1).Select(i => $"phrase {i} , n't it \t{i % 2}"),
    ];

    DataResolution Of(string[] train, string[] dev) => Resolutions.Of("sst2", ("train.tsv", Write("train.tsv", train)), ("dev.tsv", Write("dev.tsv", dev)));

    string Write(string name, string[] lines) => folder.Write(name, Encoding.ASCII.GetBytes(string.Concat(lines.Select(line => line + "\n"))));
}

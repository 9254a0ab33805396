using Xunit.Abstractions;

namespace MlPerfEdu.Data.Tests;

public sealed class CoraTests(ITestOutputHelper output) : IDisposable
{
    static readonly string[] Fields =
    [
        "Case_Based", "Genetic_Algorithms", "Neural_Networks", "Probabilistic_Methods", "Reinforcement_Learning", "Rule_Learning", "Theory",
    ];

    readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Reads_papers_words_citations_and_fields()
    {
        var real = RealData.Find("cora", output);
        var graph = Cora.Load(real ?? Made(Content(), "p7\tp3\np3\tp7\np3\tp3\np0\tp2707\n"));

        Assert.Equal((2708, 1433, 7), (graph.Papers, graph.Vocabulary, graph.Classes.Count));
        Assert.Equal(Fields, graph.Classes);
        Assert.Equal((140, 500, 1000), (graph.Train.Length, graph.Validation.Length, graph.Test.Length));
        Assert.All(graph.Train.GroupBy(paper => graph.Labels[paper]), papers => Assert.Equal(20, papers.Count()));
        Assert.Equal(DataTier.Real, graph.Provenance.Tier);
        // As published: 5,429 citations, some of them in both directions, and so many words.
        if (real is not null) Assert.Equal((5278, 49216), (graph.Citations.Count, graph.Words.Sum(words => words.Length)));
        else Assert.Equal([(0, 2707), (3, 7)], graph.Citations);
        if (real is null) Assert.Equal([3, 103], graph.Words[3]);
    }

    [Fact]
    public void What_is_not_cora_is_refused()
    {
        var content = Content();
        Refused("MLP1064", () => Made(content, null));
        Refused("MLP1085", () => Made(content[(content.IndexOf('\n') + 1)..], ""));
        Refused("MLP1085", () => Made(content.Replace("Theory", "Rule_Learning", StringComparison.Ordinal), ""));
        Refused("MLP1080", () => Made(content.Replace("p5\t0", "p5\t2", StringComparison.Ordinal), ""));
        Refused("MLP1080", () => Made(content.Replace("p5\t0", "p5", StringComparison.Ordinal), ""));
        Refused("MLP1080", () => Made(content.Replace("p5\t", "p4\t", StringComparison.Ordinal), ""));
        Refused("MLP1080", () => Made(content, "p1\tp2708\n"));
    }

    static void Refused(string code, Func<DataResolution> made) =>
        Assert.Equal(code, Assert.Throws<DataException>(() => Cora.Load(made())).Code);

    DataResolution Made(string content, string? cites)
    {
        var files = new List<(string, string)> { ("cora/cora.content", content), ("cora/README", "A readme.") };
        if (cites is not null) files.Add(("cora/cora.cites", cites));
        return Resolutions.Of("cora", ("cora.zip", folder.Write("cora.zip", ZipBytes.Of(files))));
    }

    // Paper i has the words i and i + 100, as far as they exist.
    static string Content() =>
        string.Concat(Enumerable.Range(0, 2708).Select(paper => $"p{paper}\t{string.Join('\t', Words(paper))}\t{Fields[paper % 7]}\n"));

    static IEnumerable<int> Words(int paper) => Enumerable.Range(0, 1433).Select(word => word == paper || word == paper + 100 ? 1 : 0);
}

using Xunit.Abstractions;

namespace MlPerfEdu.Data.Tests;

public class SyntheticCitationsTests(ITestOutputHelper output)
{
    [Fact]
    public void Are_the_pinned_papers_in_the_shape_of_cora()
    {
        var graph = Embedded.Citations.Value;
        Assert.Equal((Cora.Papers, Cora.Vocabulary, Cora.Classes), (graph.Papers, graph.Vocabulary, graph.Classes.Count));
        Assert.Equal((140, 500, 1000), (graph.Train.Length, graph.Validation.Length, graph.Test.Length));
        Assert.All(graph.Train.GroupBy(paper => graph.Labels[paper]), papers => Assert.Equal(20, papers.Count()));
        Assert.Equal(1640, graph.Train.Concat(graph.Validation).Concat(graph.Test).Distinct().Count());
        Assert.All(graph.Words, words => Assert.Equal(words.Distinct().Order(), words));
        Assert.All(graph.Citations, pair => Assert.True(pair.First < pair.Second));
        Assert.Equal(DataTier.Embedded, graph.Provenance.Tier);
    }

    [Fact]
    public void Neither_words_nor_citations_alone_say_enough()
    {
        var graph = Embedded.Citations.Value;
        var (words, votes) = (Accuracy(graph, ByWords(graph)), Accuracy(graph, ByCitations(graph)));
        output.WriteLine($"words {words:0.000}, citations {votes:0.000}");
        Assert.InRange(words, 0.2, 0.6);
        Assert.InRange(votes, 0.2, 0.6);
    }

    static double Accuracy(CitationGraph graph, Func<int, int> guess) =>
        graph.Test.Count(paper => guess(paper) == graph.Labels[paper]) / (double)graph.Test.Length;

    // How many words a paper shares with the training papers of a class.
    static Func<int, int> ByWords(CitationGraph graph)
    {
        var counts = new double[graph.Classes.Count, graph.Vocabulary];
        foreach (var paper in graph.Train)
        {
            foreach (var word in graph.Words[paper]) counts[graph.Labels[paper], word]++;
        }
        return paper => Enumerable.Range(0, graph.Classes.Count).MaxBy(c => graph.Words[paper].Sum(word => counts[c, word]));
    }

    // The classes of the training papers that are up to two citations away.
    static Func<int, int> ByCitations(CitationGraph graph)
    {
        var neighbours = graph.Citations.Concat(graph.Citations.Select(pair => (First: pair.Second, Second: pair.First)))
            .ToLookup(pair => pair.First, pair => pair.Second);
        var known = graph.Train.ToHashSet();
        return paper => neighbours[paper].Concat(neighbours[paper].SelectMany(near => neighbours[near])).Where(known.Contains)
            .GroupBy(near => graph.Labels[near]).OrderByDescending(votes => votes.Count()).Select(votes => (int)votes.Key).FirstOrDefault();
    }
}

namespace MlPerfEdu.Data;

/// <summary>A stochastic block model in Cora's shape: papers cite their own class more often than others, and use
/// some words more often than other classes do. Neither words nor citations alone are enough.</summary>
public static class SyntheticCitations
{
    const int CitationsPerPaper = 2, WordsPerPaper = 18, WordsPerClass = 120;

    // Shares of citations within the class, and of words from the class's own.
    const double WithinClass = 0.72, OnTopic = 0.18;

    // One stream of random numbers for words, one for citations.
    const int WordStream = 0, CitationStream = 1;

    [Reads("synthetic-citations")]
    public static CitationGraph Load(DataResolution data) => Generators.Checked(data, Generate(data.Entry));

    static CitationGraph Generate(DataSetEntry entry)
    {
        var seed = GeneratorSettings.SeedOf(entry);
        byte[] labels = [.. Enumerable.Range(0, Cora.Papers).Select(paper => (byte)(paper % Cora.Classes))];
        var words = labels.Select((label, paper) => Words(label, Xoshiro.ForSample(seed, WordStream, paper))).ToList();
        var citations = labels.SelectMany((label, paper) => Citations(label, paper, Xoshiro.ForSample(seed, CitationStream, paper)));
        var (train, validation, test) = CitationSplit.Of(labels, Cora.Classes, entry.Splits);
        string[] classes = [.. Enumerable.Range(0, Cora.Classes).Select(c => $"field {c}")];
        return new(words, Cora.Vocabulary, labels, CitationGraph.Undirected(citations), classes, train, validation, test,
            new(entry.Id, DataTier.Embedded, [], $"{entry.Id}: {labels.Length} generated papers, seed {seed}; not a real data set."));
    }

    static int[] Words(int label, Xoshiro random)
    {
        var words = new SortedSet<int>();
        for (var drawn = 0; drawn < WordsPerPaper; drawn++)
            words.Add(random.Chance(OnTopic) ? label * WordsPerClass + random.Below(WordsPerClass) : random.Below(Cora.Vocabulary));
        return [.. words];
    }

    // Papers are numbered through the classes in turn, so those of a class are a fixed step apart.
    static List<(int From, int To)> Citations(int label, int paper, Xoshiro random)
    {
        var citations = new List<(int, int)>();
        for (var drawn = 0; drawn < CitationsPerPaper; drawn++)
        {
            var cited = random.Chance(WithinClass) ? label + Cora.Classes * random.Below(Cora.Papers / Cora.Classes) : random.Below(Cora.Papers);
            citations.Add((paper, cited));
        }
        return citations;
    }
}

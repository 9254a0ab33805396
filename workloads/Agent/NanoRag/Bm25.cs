using MlPerfEdu.Numerics;

namespace MlPerfEdu.Workloads.Agent.NanoRag;

/// <summary>
/// What a learned retriever is held against: passages by the words that they share with a question (Robertson and Zaragoza, 2009). A word counts the
/// more, the fewer passages have it; once more in a passage counts less than the first time, and less in a long passage.
/// </summary>
public sealed class Bm25
{
    const float Saturation = 1.2f, LengthShare = 0.75f;

    // Of each word: the passages that have it, and what it adds to their score.
    readonly Dictionary<string, List<(int Passage, float Weight)>> postings = new(StringComparer.Ordinal);
    readonly int count;

    /// <param name="passages">Words with spaces between them.</param>
    public Bm25(IReadOnlyList<string> passages)
    {
        count = passages.Count;
        var words = passages.Select(WordVocabulary.Split).ToList();
        var mean = words.Sum(one => (double)one.Length) / count;
        var frequencies = words.Index().SelectMany(one => one.Item.CountBy(word => word).Select(pair => (Word: pair.Key, Times: pair.Value, one.Index)))
            .GroupBy(one => one.Word, StringComparer.Ordinal);
        foreach (var passagesOf in frequencies)
        {
            var holders = passagesOf.ToList();
            var rarity = Math.Log(1 + (count - holders.Count + 0.5) / (holders.Count + 0.5));
            postings[passagesOf.Key] = [.. holders.Select(one => (one.Index, (float)(rarity * Share(one.Times, words[one.Index].Length / mean))))];
        }
    }

    static double Share(int times, double length) =>
        times * (Saturation + 1) / (times + Saturation * (1 - LengthShare + LengthShare * length));

    /// <returns>A score for each passage.</returns>
    public float[] Scores(string question)
    {
        var scores = new float[count];
        foreach (var word in WordVocabulary.Split(question))
        {
            foreach (var (passage, weight) in postings.GetValueOrDefault(word, []))
                scores[passage] += weight;
        }
        return scores;
    }

    /// <summary>The passages that score highest, best first; of equal ones the earlier.</summary>
    public int[] Best(string question, int most)
    {
        var best = new int[Math.Min(most, count)];
        TopK.Select(Scores(question), best);
        return best;
    }
}

namespace MlPerfEdu.Data;

/// <summary>Papers with their words and classes, which of them cite which, and which labels may be seen when.</summary>
/// <param name="Words">Per paper the words it has, rising; a word is there or not.</param>
/// <param name="Vocabulary">How many words there are.</param>
/// <param name="Citations">Every pair once, the lower paper first; who cites whom does not matter.</param>
/// <param name="Train">Papers whose labels are trained on.</param>
/// <param name="Validation">Papers to choose by, left alone otherwise.</param>
/// <param name="Test">Papers that are only scored.</param>
public sealed record CitationGraph(
    IReadOnlyList<int[]> Words, int Vocabulary, byte[] Labels, IReadOnlyList<(int First, int Second)> Citations,
    IReadOnlyList<string> Classes, int[] Train, int[] Validation, int[] Test, Provenance Provenance)
{
    public int Papers => Labels.Length;

    /// <summary>Without loops, directions and repetitions, in a fixed order.</summary>
    public static IReadOnlyList<(int First, int Second)> Undirected(IEnumerable<(int From, int To)> citations) =>
        [.. citations.Where(pair => pair.From != pair.To)
            .Select(pair => (First: Math.Min(pair.From, pair.To), Second: Math.Max(pair.From, pair.To))).Distinct().Order()];
}

namespace MlPerfEdu.Data;

/// <summary>A few labels per class to train on (Yang et al., 2016), then some to choose by, then some to score.</summary>
static class CitationSplit
{
    public const ulong Seed = 42;

    public static (int[] Train, int[] Validation, int[] Test) Of(byte[] labels, int classes, IReadOnlyDictionary<string, int> sizes)
    {
        var left = new int[classes];
        Array.Fill(left, sizes["train"] / classes);
        var (train, others) = (new List<int>(), new List<int>());
        foreach (var paper in FixedSplit.Order(labels.Length, Seed))
            (left[labels[paper]]-- > 0 ? train : others).Add(paper);
        return ([.. train], [.. others.Take(sizes["validation"])], [.. others.Skip(sizes["validation"]).Take(sizes["test"])]);
    }
}

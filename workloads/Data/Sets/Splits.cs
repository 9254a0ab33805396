namespace MlPerfEdu.Data;

/// <summary>An order of samples that depends on nothing but their number and a seed.</summary>
static class FixedSplit
{
    public static int[] Order(int samples, ulong seed)
    {
        int[] order = [.. Enumerable.Range(0, samples)];
        var random = new Xoshiro(seed);
        for (var i = samples - 1; i > 0; i--)
        {
            var other = random.Below(i + 1);
            (order[i], order[other]) = (order[other], order[i]);
        }
        return order;
    }

    /// <summary>The first samples of that order to train on, the others to score.</summary>
    public static (List<T> Train, List<T> Validation) Halve<T>(IReadOnlyList<T> samples, int train, ulong seed)
    {
        var order = Order(samples.Count, seed);
        return ([.. order.Take(train).Select(i => samples[i])], [.. order.Skip(train).Select(i => samples[i])]);
    }
}

/// <summary>A few labels per class to train on (Yang et al., 2016), then some to choose by, then some to score.</summary>
static class CitationSplit
{
    const ulong Seed = 42;

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

/// <summary>Puts every speaker wholly on one side, chosen by a hash of the speaker's id, so that a model is never scored on a voice that it
/// was trained on. A clip without a speaker (silence) goes by a hash of its own name.</summary>
public static class SpeakerSplit
{
    public static (List<KeywordClip> Train, List<KeywordClip> Test) Split(IEnumerable<KeywordClip> clips, int testPercent)
    {
        var sides = clips.ToLookup(c => Chosen(c.Speaker is { } speaker ? $"speaker:{speaker}" : $"clip:{c.Path}", testPercent));
        return (Balance(sides[false]), Balance(sides[true]));
    }

    /// <summary>As many clips of each class as the rarest has, chosen by a hash of their names, in the order of the names.</summary>
    public static List<KeywordClip> Balance(IEnumerable<KeywordClip> clips)
    {
        var classes = clips.GroupBy(c => c.Label).ToList();
        var rarest = classes.Count == 0 ? 0 : classes.Min(g => g.Count());
        return [.. classes.SelectMany(g => g.OrderBy(c => Hash(c.Path)).ThenBy(c => c.Path, StringComparer.Ordinal).Take(rarest))
            .OrderBy(c => c.Path, StringComparer.Ordinal)];
    }

    /// <summary>Whether a name is among the given share of all names.</summary>
    internal static bool Chosen(string name, int percent) => Hash(name) % 100 < (uint)percent;
    static uint Hash(string text) => BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}

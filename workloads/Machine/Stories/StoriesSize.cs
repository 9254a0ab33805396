using MlPerfEdu.Catalog;

namespace MlPerfEdu.Workloads.Machine.Stories;

/// <summary>The sizes of one LLaMA-style model.</summary>
sealed record StoriesSize(int Width, int Hidden, int Layers, int Heads, int KeyValueHeads, int Vocabulary, int Positions)
{
    public int Head => Width / Heads;

    /// <summary>Queries, keys and values side by side.</summary>
    public int Projected => Width + 2 * Head * KeyValueHeads;

    public long Parameters => (long)Layers * (Width * (Projected + Width + 3L * Hidden) + 2 * Width) + (long)Vocabulary * Width + Width;

    /// <summary>As the family names its members: 110M, 15M, 260K.</summary>
    public string Name => Parameters >= 1_000_000 ? $"{Math.Round(Parameters / 1e6)}M" : $"{Math.Round(Parameters / 1e3)}K";

    public IReadOnlyDictionary<string, double> At => new Dictionary<string, double>(StringComparer.Ordinal) { ["parameters"] = Parameters };

    public static IReadOnlyList<StoriesSize> All(Geometry geometry)
    {
        string[] names = ["width", "hidden", "layers", "heads", "key_value_heads", "vocabulary", "positions"];
        var lists = names.Select(geometry.Ints).ToArray();
        if (Array.FindIndex(lists, list => list.Count != lists[0].Count) is >= 0 and var odd)
            throw geometry.Refuse(names[odd], $"as many numbers as in {names[0]}, one per model");

        return
        [
            .. lists[0].Select((_, i) => lists.Select(list => list[i]).ToArray())
                .Select(size => new StoriesSize(size[0], size[1], size[2], size[3], size[4], size[5], size[6])),
        ];
    }
}

using System.Globalization;

namespace MlPerfEdu.Workloads.Cli.Commands;

/// <summary>Reads `1..5`, `3` and `1,3,7`.</summary>
static class SeedList
{
    const int Most = 1000;

    /// <summary>Null when the text is none of these.</summary>
    public static IReadOnlyList<int>? Parse(string text)
    {
        var seeds = new List<int>();
        foreach (var part in text.Split(','))
        {
            var ends = part.Split("..");
            if (ends.Length > 2 || Number(ends[0]) is not { } first || Number(ends[^1]) is not { } last || last < first || last - first >= Most)
                return null;
            seeds.AddRange(Enumerable.Range(first, last - first + 1));
        }

        return seeds.Count <= Most && seeds.Distinct().Count() == seeds.Count ? seeds : null;
    }

    static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < int.MaxValue ? number : null;
}

using System.Globalization;
using System.Text;

namespace MlPerfEdu.Data.Tests;

/// <summary>The three files of MovieLens-100K in their exact format and size, with made-up contents and the original's oddities.</summary>
sealed class MovieLensFiles
{
    public const int People = 943, Movies = 1682, Ratings = 100_000, Genres = 19;

    /// <summary>The movies that are odd in the original, too: without a release, and with a day of one digit.</summary>
    public const int Unknown = 267, OneDigitDay = 1373;

    static readonly string[] Occupations = ["technician", "other", "writer", "student", "administrator"];

    public string User { get; init; } = Lines(People, i => $"{i}|{7 + i % 60}|{(i % 3 == 2 ? "F" : "M")}|{Occupations[(i - 1) % Occupations.Length]}|{85711 + i}");

    public string Item { get; init; } = Lines(Movies, Movie);

    // Every pair once, in an order that looks like none.
    public string Data { get; init; } = Lines(Ratings, i =>
    {
        var pair = (long)i * 7919 % (People * Movies);
        return $"{pair % People + 1}\t{pair / People + 1}\t{1 + i % 5}\t{874724710 + i}";
    });

    public IEnumerable<(string Name, string Text)> All => [("u.data", Data), ("u.item", Item), ("u.user", User)];

    /// <summary>datasets.yaml with the digests of these files in place of the published ones.</summary>
    public DataCatalog Catalog(byte[] archive) => DataCatalog.Parse(
        $$"""
        schema: 1
        datasets:
          movielens-100k:
            title: MovieLens-100K
            kind: original
            folder: movielens
            files:
              - name: ml-100k.zip
                bytes: {{archive.Length}}
                sha256: {{FileCheck.Digest(archive)}}
                urls: [https://example.invalid/ml-100k.zip]
                holds:
                  - { name: u.data, sha256: {{Digest(Data)}} }
                  - { name: u.item, sha256: {{Digest(Item)}} }
                  - { name: u.user, sha256: {{Digest(User)}} }
            license: none stated
            terms: none
            cite: nobody
            splits: { train: 80000, validation: 20000 }
        """, "datasets.yaml");

    public static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    static string Digest(string text) => FileCheck.Digest(Bytes(text));

    static string Movie(int i) => i == Unknown
        ? $"{i}|unknown||||1{string.Concat(Enumerable.Repeat("|0", Genres - 1))}"
        : $"{i}|Misérables {i}, Les ({1920 + i % 78})|{Date(i)}||http://us.imdb.com/M/title-exact?{i}|{string.Join('|', Enumerable.Range(0, Genres).Select(genre => genre == i % Genres ? 1 : 0))}";

    static string Date(int i) => i == OneDigitDay
        ? "4-Feb-1971"
        : new DateOnly(1920 + i % 78, 1 + i % 12, 1 + i % 28).ToString("dd-MMM-yyyy", CultureInfo.InvariantCulture);

    static string Lines(int count, Func<int, string> line) => string.Concat(Enumerable.Range(1, count).Select(i => line(i) + "\n"));
}

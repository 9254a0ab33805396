using System.Globalization;

namespace MlPerfEdu.Data;

/// <summary>MovieLens-100K in the files of its archive: ratings, people, movies, and the names of occupations and genres.</summary>
public static class MovieLens100K
{
    const string Archive = "ml-100k.zip";
    const string Ratings = "u.data", People = "u.user", Movies = "u.item", Occupations = "u.occupation", Genres = "u.genre";

    // Columns of a movie before its genres: number, title, release, video release, address.
    const int MovieColumns = 5;

    /// <summary>Of the order in which ratings are split.</summary>
    public const ulong SplitSeed = 42;

    public static RatingsDataSet Load(DataResolution data)
    {
        var files = ReadFiles(data[Archive]);
        var occupations = Lines(Occupations).Rows('\n').Select(row => row[0]).ToList();
        var genres = Lines(Genres).Rows('|').Count();
        var people = Lines(People).Rows('|', 5).Select((row, i) => ReadPerson(row, i, occupations)).ToList();
        var movies = Lines(Movies).Rows('|', MovieColumns + genres).Select(ReadMovie).ToList();
        var ratings = Lines(Ratings).Rows('\t', 4).Select(row => ReadRating(row, people.Count, movies.Count)).ToList();
        var expected = data.Entry.Splits["train"] + data.Entry.Splits["validation"];
        if (ratings.Count != expected) throw FormatErrors.WrongShape(Ratings, $"{ratings.Count} ratings", $"{expected}");

        var (train, validation) = FixedSplit.Halve(ratings, data.Entry.Splits["train"], SplitSeed);
        return new(train, validation, people, movies, occupations.Count, genres, data.Provenance(DataTier.Real,
            $"MovieLens-100K: {ratings.Count} ratings, {train.Count} to train on and {validation.Count} to score."));

        DelimitedText Lines(string name) =>
            new(name, files.TryGetValue(name, out var bytes) ? bytes : throw ArchiveErrors.Missing(Archive, name));
    }

    static Dictionary<string, byte[]> ReadFiles(string path)
    {
        var files = new Dictionary<string, byte[]>();
        foreach (var entry in Zip.Read(path, new(Entries: 100, EntryBytes: 16 << 20, TotalBytes: 64 << 20)))
        {
            if (entry.Parts[^1] is Ratings or People or Movies or Occupations or Genres) files[entry.Parts[^1]] = entry.ReadAll();
        }
        return files;
    }

    static Rating ReadRating(DelimitedRow row, int people, int movies) =>
        new(row.Number(0, 1, people) - 1, row.Number(1, 1, movies) - 1, row.Number(2, 1, Rating.Most));

    static Person ReadPerson(DelimitedRow row, int position, List<string> occupations)
    {
        row.Number(0, position + 1, position + 1);
        var occupation = occupations.IndexOf(row[3]);
        if (occupation < 0) throw row.Wrong(3, "an occupation of " + Occupations);
        return new(row.Number(1, 0, 150), row.OneOf(2, "M", "F") == "F", occupation);
    }

    static Movie ReadMovie(DelimitedRow row, int position)
    {
        row.Number(0, position + 1, position + 1);
        var genres = Enumerable.Range(0, row.Count - MovieColumns).Where(genre => row.Number(MovieColumns + genre, 0, 1) == 1);
        return new(Year(row), [.. genres]);
    }

    // As 01-Jan-1995, or nothing at all.
    static int Year(DelimitedRow row)
    {
        if (row[2].Length == 0) return 0;
        return DateOnly.TryParseExact(row[2], "dd-MMM-yyyy", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? date.Year
            : throw row.Wrong(2, "a date such as 01-Jan-1995");
    }
}

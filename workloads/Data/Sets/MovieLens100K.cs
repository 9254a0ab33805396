using System.Globalization;

namespace MlPerfEdu.Data;

/// <summary>MovieLens-100K: ratings, people and movies, in the files of its archive.</summary>
public static class MovieLens100K
{
    const string Ratings = "u.data", People = "u.user", Movies = "u.item";

    // Of a movie: number, title, release, video release and address, then its genres as u.genre counts them.
    const int MovieColumns = 5, Genres = 19;

    // In the order of u.occupation.
    static readonly string[] Occupations =
    [
        "administrator", "artist", "doctor", "educator", "engineer", "entertainment", "executive", "healthcare", "homemaker", "lawyer", "librarian",
        "marketing", "none", "other", "programmer", "retired", "salesman", "scientist", "student", "technician", "writer",
    ];

    const ulong SplitSeed = 42;

    [Reads("movielens-100k")]
    public static RatingsDataSet Load(DataResolution data)
    {
        var people = Rows(People, '|', 5).Select(ReadPerson).ToList();
        var movies = Rows(Movies, '|', MovieColumns + Genres).Select(ReadMovie).ToList();
        var ratings = Rows(Ratings, '\t', 4).Select(row => ReadRating(row, people.Count, movies.Count)).ToList();
        var expected = data.Entry.Splits["train"] + data.Entry.Splits["validation"];
        if (ratings.Count != expected) throw FormatErrors.WrongShape(Ratings, $"{ratings.Count} ratings", $"{expected}");

        var (train, validation) = FixedSplit.Halve(ratings, data.Entry.Splits["train"], SplitSeed);
        return new(train, validation, people, movies, Occupations.Length, Genres, data.Provenance(DataTier.Real,
            $"MovieLens-100K: {ratings.Count} ratings, {train.Count} to train on and {validation.Count} to score."));

        IEnumerable<DelimitedRow> Rows(string file, char separator, int fields) =>
            DelimitedText.Rows(file, data.Read(file), separator, fields);
    }

    static Rating ReadRating(DelimitedRow row, int people, int movies) =>
        new(row.Number(0, 1, people) - 1, row.Number(1, 1, movies) - 1, row.Number(2, 1, Rating.Most));

    static Person ReadPerson(DelimitedRow row, int position)
    {
        row.Number(0, position + 1, position + 1);
        return new(row.Number(1, 0, 150), row.OneOf(2, "M", "F") == "F", Array.IndexOf(Occupations, row.OneOf(3, Occupations)));
    }

    static Movie ReadMovie(DelimitedRow row, int position)
    {
        row.Number(0, position + 1, position + 1);
        var genres = Enumerable.Range(0, Genres).Where(genre => row.Number(MovieColumns + genre, 0, 1) == 1);
        return new(Year(row), [.. genres]);
    }

    // As 01-Jan-1995, once as 4-Feb-1971, or nothing at all.
    static int Year(DelimitedRow row)
    {
        if (row[2].Length == 0) return 0;
        return DateOnly.TryParseExact(row[2], "d-MMM-yyyy", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? date.Year
            : throw row.Wrong(2, "a date such as 01-Jan-1995");
    }
}

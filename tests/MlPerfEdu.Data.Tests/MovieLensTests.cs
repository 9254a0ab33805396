using Xunit.Abstractions;

namespace MlPerfEdu.Data.Tests;

public sealed class MovieLensTests(ITestOutputHelper output) : IDisposable
{
    const string People = "1|24|M|technician|85711\n2|53|F|other|94043\n3|7|F|student|1000\n";
    const string Occupations = "other\nstudent\ntechnician\n";
    const string Genres = "unknown|0\nComedy|1\nDrama|2\n\n";

    // The second title is in Latin-1; the third movie was never released.
    const string Movies = "1|Toy Story (1995)|01-Jan-1995||http://us.imdb.com/M/1|0|1|0\n"
        + "2|Misérables, Les (1995)|15-Mar-1996||http://us.imdb.com/M/2|0|1|1\n"
        + "3|unknown||||1|0|0\n";

    readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Reads_ratings_people_and_movies()
    {
        var real = RealData.Find("movielens-100k", output);
        var set = MovieLens100K.Load(real ?? Made());
        Assert.Equal(real is null ? (8, 4) : (80000, 20000), (set.Train.Count, set.Validation.Count));
        Assert.Equal(real is null ? (3, 3, 3, 3) : (943, 1682, 21, 19), (set.People.Count, set.Movies.Count, set.Occupations, set.Genres));
        Assert.Equal(DataTier.Real, set.Provenance.Tier);
        // The first of each is the same in the original.
        Assert.Equal(new Person(24, false, real is null ? 2 : 19), set.People[0]);
        Assert.Equal(1995, set.Movies[0].Year);
    }

    [Fact]
    public void Keeps_what_the_files_say()
    {
        var set = MovieLens100K.Load(Made());
        Assert.Equal([1995, 1996, 0], set.Movies.Select(movie => movie.Year));
        Assert.Equal([[1], [1, 2], [0]], set.Movies.Select(movie => movie.Genres));
        Assert.Equal([new(24, false, 2), new(53, true, 0), new(7, true, 1)], set.People);
        Assert.Equal(Ratings().OrderBy(rating => rating.ToString()), set.Train.Concat(set.Validation).OrderBy(rating => rating.ToString()));
    }

    [Fact]
    public void The_split_is_the_same_every_time_and_mixes_the_order()
    {
        var (first, second) = (MovieLens100K.Load(Made()), MovieLens100K.Load(Made()));
        Assert.Equal(first.Train, second.Train);
        Assert.NotEqual(Ratings().Take(8), first.Train);
    }

    [Fact]
    public void What_is_not_movielens_is_refused()
    {
        Refused("MLP1085", Made(ratings: Data().Take(11)));
        Refused("MLP1080", Made(ratings: Data().Append("4\t1\t3\t881250949")));
        Refused("MLP1080", Made(ratings: Data().Append("1\t4\t3\t881250949")));
        Refused("MLP1080", Made(ratings: Data().Append("1\t1\t6\t881250949")));
        Refused("MLP1080", Made(ratings: Data().Append("1 1 5 881250949")));
        Refused("MLP1080", Made(people: People.Replace("technician", "pirate", StringComparison.Ordinal)));
        Refused("MLP1080", Made(people: People.Replace("|M|", "|X|", StringComparison.Ordinal)));
        Refused("MLP1080", Made(people: People.Replace("2|53", "5|53", StringComparison.Ordinal)));
        Refused("MLP1080", Made(movies: Movies.Replace("01-Jan-1995", "1995-01-01", StringComparison.Ordinal)));
        Refused("MLP1080", Made(movies: Movies.Replace("|0|1|0\n", "|0|1\n", StringComparison.Ordinal)));
        Refused("MLP1064", Made(people: null));
    }

    static void Refused(string code, DataResolution data) =>
        Assert.Equal(code, Assert.Throws<DataException>(() => MovieLens100K.Load(data)).Code);

    DataResolution Made(string? people = People, string movies = Movies, IEnumerable<string>? ratings = null)
    {
        var files = new List<(string, string)>
        {
            ("ml-100k/u.data", string.Join('\n', ratings ?? Data()) + "\n"), ("ml-100k/u.item", movies),
            ("ml-100k/u.occupation", Occupations), ("ml-100k/u.genre", Genres), ("ml-100k/README", "Terms."),
        };
        if (people is not null) files.Add(("ml-100k/u.user", people));
        var found = Resolutions.Of("movielens-100k", ("ml-100k.zip", _folder.Write("ml-100k.zip", ZipBytes.Of(files))));
        return found with { Entry = found.Entry with { Splits = new Dictionary<string, int> { ["train"] = 8, ["validation"] = 4 } } };
    }

    static IEnumerable<Rating> Ratings() => Enumerable.Range(0, 12).Select(i => new Rating(i % 3, i * 7 / 2 % 3, 1 + i % 5));

    static IEnumerable<string> Data() => Ratings().Select(rating => $"{rating.User + 1}\t{rating.Item + 1}\t{rating.Stars}\t881250949");
}

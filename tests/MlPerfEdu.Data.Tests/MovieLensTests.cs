using Xunit.Abstractions;

namespace MlPerfEdu.Data.Tests;

public sealed class MovieLensTests(ITestOutputHelper output) : IDisposable
{
    static readonly MovieLensFiles Files = new();
    static readonly byte[] Archive = Packed(Files, "ml-100k/");

    readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Reads_ratings_people_and_movies()
    {
        folder.Write("movielens/ml-100k.zip", Archive);
        var set = MovieLens100K.Load(RealData.Find("movielens-100k", output) ?? Resolved());
        Assert.Equal((80000, 20000), (set.Train.Count, set.Validation.Count));
        Assert.Equal((943, 1682, 21, 19), (set.People.Count, set.Movies.Count, set.Occupations, set.Genres));
        Assert.Equal(DataTier.Real, set.Provenance.Tier);
        Assert.Equal(["u.data", "u.item", "u.user"], set.Provenance.Files.Select(file => file.Name));
        // The same in the original.
        Assert.Equal((0, 1971), (set.Movies[MovieLensFiles.Unknown - 1].Year, set.Movies[MovieLensFiles.OneDigitDay - 1].Year));
        Assert.Equal(19, set.People[0].Occupation);
    }

    [Fact]
    public void Keeps_what_the_files_say()
    {
        folder.Write("movielens/ml-100k.zip", Archive);
        var set = MovieLens100K.Load(Resolved());
        Assert.Equal([1921, 1922], set.Movies.Take(2).Select(movie => movie.Year));
        Assert.Equal([[1], [2]], set.Movies.Take(2).Select(movie => movie.Genres));
        Assert.Equal([new(8, false, 19), new(9, true, 13), new(10, false, 20)], set.People.Take(3));
        var lines = set.Train.Concat(set.Validation).Select(rating => $"{rating.User + 1}\t{rating.Item + 1}\t{rating.Stars}");
        Assert.Equal(
            Files.Data.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line[..line.LastIndexOf('\t')]).Order(StringComparer.Ordinal),
            lines.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("movielens/ml-100k.zip", "ml-100k/")]
    [InlineData("movielens/ml-100k.zip", "")]
    [InlineData("movielens/from-a-friend.zip", "")]
    [InlineData("movielens/mirror.ZIP", "some/folder/")]
    [InlineData("ml-100k/ml-100k.zip", "ml-100k/")]
    [InlineData("movielens", null)]
    [InlineData("movielens/ml-100k", null)]
    [InlineData("ml-100k", null)]
    public void Is_found_in_any_archive_or_folder(string place, string? prefix)
    {
        if (prefix is null)
        {
            foreach (var (name, text) in Files.All) folder.Write($"{place}/{name}", MovieLensFiles.Bytes(text));
        }
        else
        {
            folder.Write(place, Packed(Files, prefix));
        }
        // Another archive in the folder is none of its business, nor is what is no archive at all.
        folder.Write("movielens/another.zip", ZipBytes.Of([("readme.txt", "Nothing.")]));
        folder.Write("movielens/broken.zip", [1, 2, 3]);

        var found = Resolved();
        Assert.Equal((DataOrigin.DataFolder, 3), (found.Origin, found.Files.Count));
        Assert.Equal(80_000, MovieLens100K.Load(found).Train.Count);
        Assert.All(Store().Verify("movielens-100k"), report => Assert.Null(report.Problem));
    }

    [Fact]
    public void A_changed_file_is_named_wherever_it_lies()
    {
        var changed = new MovieLensFiles { Item = Files.Item.Replace("4-Feb-1971", "5-Feb-1971", StringComparison.Ordinal) };
        folder.Write("movielens/other.zip", Packed(changed, ""));
        var e = Assert.Throws<DataException>(() => Resolved());
        Assert.Equal("MLP1022", e.Code);
        Assert.Contains("u.item in ", e.Message);
        Assert.Equal("MLP1022", Assert.Single(Store().Verify("movielens-100k")).Problem?.Code);
    }

    [Fact]
    public void What_is_missing_is_named_with_the_files_that_would_do()
    {
        folder.Write("movielens/u.data", MovieLensFiles.Bytes(Files.Data));
        Assert.Contains("lacks ml-100k.zip (or any archive or folder with u.data, u.item, u.user)", Store().Resolve("movielens-100k").Reason);
        folder.Write("movielens/ml-100k.zip", ZipBytes.Of(Files.All.Take(2)));
        Assert.Equal("MLP1064", Assert.Throws<DataException>(() => Resolved()).Code);
    }

    [Fact]
    public void The_split_is_the_same_every_time_and_mixes_the_order()
    {
        folder.Write("movielens/ml-100k.zip", Archive);
        var (first, second) = (MovieLens100K.Load(Resolved()), MovieLens100K.Load(Resolved()));
        Assert.Equal(first.Train, second.Train);
        Assert.NotEqual(Enumerable.Range(0, 100).Select(i => 1 + (i + 1) % 5), first.Train.Take(100).Select(rating => rating.Stars));
    }

    [Theory]
    [InlineData("MLP1085", 0, "")]
    [InlineData("MLP1080", 2, "944\t1\t3\t881250949")]
    [InlineData("MLP1080", 2, "1\t1683\t3\t881250949")]
    [InlineData("MLP1080", 2, "1\t1\t6\t881250949")]
    [InlineData("MLP1080", 2, "1 1 5 881250949")]
    public void Ratings_that_are_not_movielens_are_refused(string code, int at, string line) =>
        Refused(code, "u.data", at, new() { Data = WithLine(Files.Data, at, line) });

    [Theory]
    [InlineData(3, "3|24|M|pirate|85711")]
    [InlineData(3, "3|24|X|technician|85711")]
    [InlineData(3, "5|24|M|technician|85711")]
    public void People_that_are_not_movielens_are_refused(int at, string line) =>
        Refused("MLP1080", "u.user", at, new() { User = WithLine(Files.User, at, line) });

    [Theory]
    [InlineData("1373|Title|1971-02-04||http://us.imdb.com|0|0|0|0|0|0|0|0|1|0|0|0|0|0|0|0|0|0|0")]
    [InlineData("1373|Title|31-Feb-1971||http://us.imdb.com|0|0|0|0|0|0|0|0|1|0|0|0|0|0|0|0|0|0|0")]
    [InlineData("1373|Title|4-Feb-1971||http://us.imdb.com|0|0|0|0|0|0|0|0|2|0|0|0|0|0|0|0|0|0|0")]
    [InlineData("1373|Title|4-Feb-1971||http://us.imdb.com|0|0|0")]
    public void Movies_that_are_not_movielens_are_refused(string line) =>
        Refused("MLP1080", "u.item", 1373, new() { Item = WithLine(Files.Item, 1373, line) });

    void Refused(string code, string file, int line, MovieLensFiles files)
    {
        var archive = Packed(files, "ml-100k/");
        folder.Write("movielens/ml-100k.zip", archive);
        var e = Assert.Throws<DataException>(() => MovieLens100K.Load(Store(files, archive).Resolve("movielens-100k").OrThrow()));
        Assert.Equal(code, e.Code);
        if (line > 0) Assert.Contains($"{file}, line {line}: found ", e.Message);
        // Its digest was right, so the same bytes would come again.
        Assert.DoesNotContain("Fetch", e.Message);
    }

    DataResolution Resolved() => Store().Resolve("movielens-100k").OrThrow();

    DataStore Store() => Store(Files, Archive);

    DataStore Store(MovieLensFiles files, byte[] archive) => DataStore.Open(new(folder.Path, folder["cache"], Offline: true), files.Catalog(archive));

    static byte[] Packed(MovieLensFiles files, string prefix) =>
        ZipBytes.Of([.. files.All.Select(file => (prefix + file.Name, file.Text)), (prefix + "README", "Terms.")]);

    /// <summary>With another line in place of one, or without the last one when it is number 0.</summary>
    static string WithLine(string text, int number, string line)
    {
        var lines = text.Split('\n')[..^1];
        if (number == 0) lines = lines[..^1];
        else lines[number - 1] = line;
        return string.Join('\n', lines) + "\n";
    }
}

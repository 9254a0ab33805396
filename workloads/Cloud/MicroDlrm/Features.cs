namespace MlPerfEdu.Workloads.Cloud.MicroDlrm;

/// <summary>
/// The model's inputs, row by row: user, movie and occupation as rows of the joined tables, then sixteen dense numbers. Every
/// statistic among them, and their scale, comes from training rows only, so a label that is scored reaches no input.
/// </summary>
sealed class RatingFeatures
{
    public const int Ids = 3, Dense = 16, Width = Ids + Dense;

    readonly RatingsDataSet set;
    readonly LikeStatistics byUser, byMovie, byUserAndGenre, bySexAndMovie;
    readonly double[] mean = new double[Dense], scale = new double[Dense];

    public RatingFeatures(RatingsDataSet set)
    {
        this.set = set;
        byUser = new LikeStatistics(set.People.Count);
        byMovie = new LikeStatistics(set.Movies.Count);
        byUserAndGenre = new LikeStatistics(set.People.Count * set.Genres);
        bySexAndMovie = new LikeStatistics(2 * set.Movies.Count);
        foreach (var rating in set.Train)
        {
            byUser.Add(rating.User, rating);
            byMovie.Add(rating.Item, rating);
            bySexAndMovie.Add(SexAndMovie(rating), rating);
            foreach (var genre in set.Movies[rating.Item].Genres) byUserAndGenre.Add(rating.User * set.Genres + genre, rating);
        }
        FindScale();
        (Train, Validation) = (Rows(set.Train), Rows(set.Validation));
    }

    /// <summary>A row of <see cref="Width"/> numbers per rating.</summary>
    public float[] Train { get; }

    public float[] Validation { get; }

    public int TableRows => set.People.Count + set.Movies.Count + set.Occupations;

    /// <summary>Different rows of the joined tables that a batch of training ratings looks up, on average.</summary>
    public long ExpectedRows(int batch)
    {
        var lookups = new int[TableRows];
        for (var i = 0; i < Train.Length; i += Width)
        {
            for (var id = 0; id < Ids; id++) lookups[(int)Train[i + id]]++;
        }
        return (long)Math.Round(lookups.Sum(count => 1 - Math.Pow(1 - (double)count / set.Train.Count, batch)));
    }

    /// <summary>What two answers score on the validation ratings that know no user: the commonest one, and what most who saw the movie said.</summary>
    public IReadOnlyDictionary<string, double> TrivialAnswers
    {
        get
        {
            long[] liked = [.. set.Validation.Select(rating => rating.IsLike ? 1L : 0L)];
            long[] popular = [.. set.Validation.Select(rating => byMovie.Rate(rating.Item) > 0.5 ? 1L : 0L)];
            return new Dictionary<string, double>
            {
                ["accuracy_majority"] = Metrics.CommonestClass(liked),
                ["accuracy_popularity"] = Metrics.Accuracy(popular, liked),
            };
        }
    }

    float[] Rows(IReadOnlyList<Rating> ratings)
    {
        var rows = new float[ratings.Count * Width];
        Span<double> dense = stackalloc double[Dense];
        for (var i = 0; i < ratings.Count; i++)
        {
            var row = rows.AsSpan(i * Width, Width);
            var (user, movie) = (ratings[i].User, ratings[i].Item);
            row[0] = user;
            row[1] = set.People.Count + movie;
            row[2] = set.People.Count + set.Movies.Count + set.People[user].Occupation;
            Describe(ratings[i], dense);
            for (var d = 0; d < Dense; d++) row[Ids + d] = (float)((dense[d] - mean[d]) * scale[d]);
        }
        return rows;
    }

    // What is known before the rating is given: its stars are not read.
    void Describe(Rating asked, Span<double> dense)
    {
        var (person, movie) = (set.People[asked.User], set.Movies[asked.Item]);
        var affinities = movie.Genres.Select(genre => byUserAndGenre.Rate(asked.User * set.Genres + genre))
            .DefaultIfEmpty(byUser.Rate(asked.User)).ToList();
        dense[0] = byUser.Rate(asked.User);
        dense[1] = byUser.MeanStars(asked.User);
        dense[2] = byUser.StarSpread(asked.User);
        dense[3] = byUser.LogCount(asked.User);
        dense[4] = person.Age;
        dense[5] = person.Female ? 1 : 0;
        dense[6] = byMovie.Rate(asked.Item);
        dense[7] = byMovie.MeanStars(asked.Item);
        dense[8] = byMovie.StarSpread(asked.Item);
        dense[9] = byMovie.LogCount(asked.Item);
        dense[10] = movie.Year;
        dense[11] = movie.Genres.Count;
        dense[12] = affinities.Average();
        dense[13] = affinities.Min();
        dense[14] = affinities.Max();
        dense[15] = bySexAndMovie.Rate(SexAndMovie(asked));
    }

    int SexAndMovie(Rating rating) => 2 * rating.Item + (set.People[rating.User].Female ? 1 : 0);

    void FindScale()
    {
        var squares = new double[Dense];
        Span<double> dense = stackalloc double[Dense];
        foreach (var rating in set.Train)
        {
            Describe(rating, dense);
            for (var d = 0; d < Dense; d++)
            {
                mean[d] += dense[d] / set.Train.Count;
                squares[d] += dense[d] * dense[d] / set.Train.Count;
            }
        }
        for (var d = 0; d < Dense; d++)
        {
            var variance = squares[d] - mean[d] * mean[d];
            scale[d] = variance > 1e-12 ? 1 / Math.Sqrt(variance) : 0;
        }
    }
}

/// <summary>How often each of a number of things was rated and liked, pulled towards the overall rate where little is known.</summary>
sealed class LikeStatistics(int things)
{
    // Weighs as much as this many ratings of the overall rate.
    const double Prior = 5;

    readonly int[] counts = new int[things], likes = new int[things];
    readonly double[] stars = new double[things], squares = new double[things];
    double overallLikes, overallStars, overallCount;

    public void Add(int thing, Rating rating)
    {
        counts[thing]++;
        stars[thing] += rating.Stars;
        squares[thing] += rating.Stars * rating.Stars;
        overallCount++;
        overallStars += rating.Stars;
        if (!rating.IsLike) return;
        likes[thing]++;
        overallLikes++;
    }

    public double Rate(int thing) => (likes[thing] + Prior * overallLikes / overallCount) / (counts[thing] + Prior);

    public double MeanStars(int thing) => (stars[thing] + Prior * overallStars / overallCount) / (counts[thing] + Prior);

    public double StarSpread(int thing)
    {
        if (counts[thing] == 0) return 0;
        var mean = stars[thing] / counts[thing];
        return Math.Sqrt(Math.Max(0, squares[thing] / counts[thing] - mean * mean));
    }

    public double LogCount(int thing) => Math.Log(1 + counts[thing]);
}

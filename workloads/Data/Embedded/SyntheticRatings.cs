namespace MlPerfEdu.Data;

/// <summary>Ratings in MovieLens's shape. Whether a rating is a like is drawn with a known probability (<see cref="LatentFactors"/>),
/// so the best possible accuracy is known, too.</summary>
public static class SyntheticRatings
{
    public const int People = 943, Movies = 1682, Occupations = 21, Genres = 19;

    // Separate random streams for the pairs and for the stars.
    const ulong PairStream = 0x70616972;
    const int StarStream = 1;

    [Reads("synthetic-ratings")]
    public static RatingsDataSet Load(DataResolution data) => Generators.Checked(data, Generate(GeneratorSettings.Of(data, "validation")));

    public static RatingsDataSet Generate(GeneratorSettings settings)
    {
        var factors = new LatentFactors(settings.Seed);
        var ratings = Pairs(settings).Select((pair, i) => Rate(settings.Seed, i, pair, factors.LikeProbability(pair.User, pair.Item))).ToList();
        return new(ratings[..settings.Train], ratings[settings.Train..],
            factors.People, factors.Movies, Occupations, Genres, settings.Provenance());
    }

    /// <summary>The expected accuracy over the scored ratings of a predictor that knows every probability.</summary>
    public static double BayesAccuracy(GeneratorSettings settings)
    {
        var factors = new LatentFactors(settings.Seed);
        return Pairs(settings).Skip(settings.Train).Select(pair => factors.LikeProbability(pair.User, pair.Item))
            .Average(likes => Math.Max(likes, 1 - likes));
    }

    // As in real lists, few people and few movies have most ratings. No person rates a movie twice.
    static List<(int User, int Item)> Pairs(GeneratorSettings settings)
    {
        var random = new Xoshiro(settings.Seed ^ PairStream);
        var seen = new HashSet<(int, int)>();
        var pairs = new List<(int User, int Item)>();
        while (pairs.Count < settings.Train + settings.Test)
        {
            var pair = (Skewed(People, ref random), Skewed(Movies, ref random));
            if (seen.Add(pair)) pairs.Add(pair);
        }
        return pairs;
    }

    static int Skewed(int count, ref Xoshiro random)
    {
        var share = random.Uniform();
        return (int)(count * share * share);
    }

    static Rating Rate(ulong seed, int index, (int User, int Item) pair, double chance)
    {
        var random = Xoshiro.ForSample(seed, StarStream, index);
        var liked = random.Chance(chance);
        return new(pair.User, pair.Item, liked ? Rating.Liked + random.Below(2) : 1 + random.Below(Rating.Liked - 1));
    }
}

/// <summary>Who likes what, by latent factors and biases: a person's factors follow from the occupation and from the person, a movie's from
/// its genres and from the movie; some people like more, some movies are liked by all.</summary>
sealed class LatentFactors
{
    const int Factors = 4;
    readonly double[][] userFactors, itemFactors;
    readonly double[] userBias, itemBias;

    public LatentFactors(ulong seed)
    {
        var random = new Xoshiro(seed);
        var ofOccupations = Vectors(SyntheticRatings.Occupations, ref random);
        var ofGenres = Vectors(SyntheticRatings.Genres, ref random);
        var people = new List<Person>();
        while (people.Count < SyntheticRatings.People)
            people.Add(new(10 + random.Below(60), random.Chance(0.3), random.Below(SyntheticRatings.Occupations)));
        var movies = new List<Movie>();
        while (movies.Count < SyntheticRatings.Movies)
            movies.Add(new(1930 + random.Below(69), Genres(ref random)));
        (People, Movies) = (people, movies);

        var ofPeople = Vectors(people.Count, ref random);
        userFactors = [.. people.Select((person, i) => Mix(0.6, ofOccupations[person.Occupation], 0.7, ofPeople[i]))];
        var ofMovies = Vectors(movies.Count, ref random);
        itemFactors = [.. movies.Select((movie, i) => Mix(0.8, Mean(movie.Genres, ofGenres), 0.4, ofMovies[i]))];
        userBias = Bells(people.Count, ref random);
        itemBias = Bells(movies.Count, ref random);
    }

    public IReadOnlyList<Person> People { get; }

    public IReadOnlyList<Movie> Movies { get; }

    /// <summary>Of four stars or five.</summary>
    public double LikeProbability(int user, int item)
    {
        var score = 0.4 + 1.4 * userBias[user] + 1.8 * itemBias[item];
        for (var f = 0; f < Factors; f++) score += 1.2 * userFactors[user][f] * itemFactors[item][f];
        // A curve from 0 to 1 like the logistic one, but exact to the last bit on every machine.
        return 0.5 + 0.5 * score / (1 + Math.Abs(score));
    }

    static List<int> Genres(ref Xoshiro random)
    {
        var genres = new SortedSet<int>();
        for (var tries = 1 + random.Below(3); tries > 0; tries--) genres.Add(random.Below(SyntheticRatings.Genres));
        return [.. genres];
    }

    static double[] Mix(double share, double[] first, double other, double[] second) =>
        [.. first.Select((value, f) => share * value + other * second[f])];

    static double[] Mean(IReadOnlyList<int> rows, double[][] vectors) =>
        [.. Enumerable.Range(0, Factors).Select(f => rows.Average(row => vectors[row][f]))];

    static double[][] Vectors(int count, ref Xoshiro random)
    {
        var vectors = new double[count][];
        for (var i = 0; i < count; i++) vectors[i] = Bells(Factors, ref random);
        return vectors;
    }

    static double[] Bells(int count, ref Xoshiro random)
    {
        var values = new double[count];
        for (var i = 0; i < count; i++) values[i] = random.Bell();
        return values;
    }
}

namespace MlPerfEdu.Data;

/// <summary>
/// Who likes what, by latent factors: a person's taste follows from the occupation and from a leaning of their own, what a movie
/// offers from its genres and from itself; some people like more, some movies are liked by all.
/// </summary>
sealed class RatingChances
{
    const int Factors = 4;

    readonly double[][] tastes, offers;
    readonly double[] kindness, fame;

    public RatingChances(ulong seed)
    {
        var random = new Xoshiro(seed);
        var byOccupation = Vectors(SyntheticRatings.Occupations, ref random);
        var byGenre = Vectors(SyntheticRatings.Genres, ref random);
        var people = new List<Person>();
        while (people.Count < SyntheticRatings.People)
            people.Add(new(10 + random.Below(60), random.Chance(0.3), random.Below(SyntheticRatings.Occupations)));
        var movies = new List<Movie>();
        while (movies.Count < SyntheticRatings.Movies)
            movies.Add(new(1930 + random.Below(69), Genres(ref random)));
        (People, Movies) = (people, movies);

        var leanings = Vectors(people.Count, ref random);
        tastes = [.. people.Select((person, i) => Mix(0.6, byOccupation[person.Occupation], 0.7, leanings[i]))];
        var ownWays = Vectors(movies.Count, ref random);
        offers = [.. movies.Select((movie, i) => Mix(0.8, Mean(movie.Genres, byGenre), 0.4, ownWays[i]))];
        kindness = Bells(people.Count, ref random);
        fame = Bells(movies.Count, ref random);
    }

    public IReadOnlyList<Person> People { get; }

    public IReadOnlyList<Movie> Movies { get; }

    /// <summary>The chance of four stars or five.</summary>
    public double Like(int user, int item)
    {
        var score = 0.4 + 1.4 * kindness[user] + 1.8 * fame[item];
        for (var f = 0; f < Factors; f++) score += 1.2 * tastes[user][f] * offers[item][f];
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

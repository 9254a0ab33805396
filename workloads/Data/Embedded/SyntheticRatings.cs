namespace MlPerfEdu.Data;

/// <summary>
/// Ratings in MovieLens's shape. Whether a rating is a like is drawn with a chance that is known (<see cref="RatingChances"/>),
/// so the best possible accuracy is known, too.
/// </summary>
public static class SyntheticRatings
{
    public const int People = 943, Movies = 1682, Occupations = 21, Genres = 19;

    // Separates who rated what, and how, from what people are.
    const ulong PairStream = 0x70616972;
    const int StarStream = 1;

    public static RatingsDataSet Generate(GeneratorSettings settings)
    {
        var chances = new RatingChances(settings.Seed);
        var ratings = Pairs(settings).Select((pair, i) => Rate(settings.Seed, i, pair, chances.Like(pair.User, pair.Item))).ToList();
        return new(ratings[..settings.Train], ratings[settings.Train..],
            chances.People, chances.Movies, Occupations, Genres, settings.Provenance());
    }

    /// <summary>The accuracy over the scored ratings that somebody who knew every chance would expect.</summary>
    public static double BayesAccuracy(GeneratorSettings settings)
    {
        var chances = new RatingChances(settings.Seed);
        return Pairs(settings).Skip(settings.Train).Select(pair => chances.Like(pair.User, pair.Item))
            .Average(chance => Math.Max(chance, 1 - chance));
    }

    // As in real lists, few people and few movies have most ratings. Nobody rates a movie twice.
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

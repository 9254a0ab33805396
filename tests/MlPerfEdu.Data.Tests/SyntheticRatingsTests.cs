using Xunit.Abstractions;

namespace MlPerfEdu.Data.Tests;

public class SyntheticRatingsTests(ITestOutputHelper output)
{
    [Fact]
    public void Are_the_pinned_ratings_in_the_shape_of_movielens()
    {
        var set = Embedded.Ratings.Value;
        Assert.Equal((80000, 20000), (set.Train.Count, set.Validation.Count));
        Assert.Equal((943, 1682, 21, 19), (set.People.Count, set.Movies.Count, set.Occupations, set.Genres));
        Assert.All(set.Train.Concat(set.Validation), rating => Assert.InRange(rating.Stars, 1, 5));
        Assert.All(set.People, person => Assert.InRange(person.Occupation, 0, 20));
        Assert.All(set.Movies, movie => Assert.InRange(movie.Genres.Count, 1, 3));
        Assert.Equal(100000, set.Train.Concat(set.Validation).Select(rating => (rating.User, rating.Item)).Distinct().Count());
        Assert.Equal(DataTier.Embedded, set.Provenance.Tier);
    }

    [Fact]
    public void The_best_possible_accuracy_is_known_and_guessing_is_far_below()
    {
        var set = Embedded.Ratings.Value;
        var best = SyntheticRatings.BayesAccuracy(GeneratorSettings.Of(DataCatalog.BuiltIn["synthetic-ratings"], "validation"));
        var likes = set.Validation.Count(rating => rating.IsLike) / (double)set.Validation.Count;
        output.WriteLine($"best {best:0.0000}, always like {likes:0.0000}");
        Assert.InRange(best, 0.79, 0.80);
        Assert.InRange(Math.Max(likes, 1 - likes), 0.5, 0.58);
    }
}

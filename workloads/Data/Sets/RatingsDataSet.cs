namespace MlPerfEdu.Data;

/// <summary>How many stars, one to five, a person gave a movie; both are numbered from 0.</summary>
public readonly record struct Rating(int User, int Item, int Stars)
{
    /// <summary>The fewest stars that are a like.</summary>
    public const int Liked = 4, Most = 5;

    public bool IsLike => Stars >= Liked;
}

/// <param name="Occupation">A position in the data set's occupations.</param>
public sealed record Person(int Age, bool Female, int Occupation);

/// <param name="Year">Of the first release; 0 when nobody knows.</param>
/// <param name="Genres">Positions in the data set's genres, rising.</param>
public sealed record Movie(int Year, IReadOnlyList<int> Genres);

/// <summary>Ratings to train on, ratings that are only scored, and what is known of those who gave and of what got them.</summary>
public sealed record RatingsDataSet(
    IReadOnlyList<Rating> Train, IReadOnlyList<Rating> Validation, IReadOnlyList<Person> People, IReadOnlyList<Movie> Movies,
    int Occupations, int Genres, Provenance Provenance)
{
    /// <summary>The same questions with the opposite answers where they are only scored.</summary>
    public RatingsDataSet WithFlippedValidation() =>
        this with { Validation = [.. Validation.Select(rating => rating with { Stars = rating.IsLike ? 1 : Rating.Most })] };
}

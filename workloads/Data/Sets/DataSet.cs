using System.Runtime.InteropServices;

namespace MlPerfEdu.Data;

/// <summary>Samples in the shape that training takes, in one of eight kinds, and where they came from.</summary>
public abstract record DataSet(Provenance Provenance)
{
    /// <summary>SHA-256 over samples and labels in the order of the splits, independent of any file format.</summary>
    internal string ContentsDigest()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        AppendTo(hash);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private protected abstract void AppendTo(IncrementalHash hash);

    // Each number as text on a line of its own.
    private protected static void Append(IncrementalHash hash, IEnumerable<int> numbers) =>
        hash.AppendData(Encoding.ASCII.GetBytes(string.Join('\n', numbers)));
}

/// <summary>Where samples came from, in the words that evidence repeats.</summary>
/// <param name="DataSet">The id in datasets.yaml.</param>
/// <param name="Statement">One sentence for a person: what was taken, and what it stands for when it is not the real thing.</param>
public sealed record Provenance(string DataSet, DataTier Tier, IReadOnlyList<FileDigest> Files, string Statement);

/// <summary>One input and its SHA-256 (lower-case hex) as computed, not as pinned.</summary>
public sealed record FileDigest(string Name, string Sha256);

/// <summary>How close data is to what a workload's real target was stated for.</summary>
public enum DataTier
{
    Real,     // the original data set, whole
    Part,     // original samples, but not all of them
    Proxy,    // another data set in place of the one that is meant
    Embedded, // made by a generator of this library
}

/// <summary>What a kind of data set holds, in a word for messages.</summary>
public interface ISamples
{
    static abstract string Word { get; }
}

/// <summary>Training images and the images that are only ever scored.</summary>
public sealed record ImageDataSet(LabelledImages Train, LabelledImages Test, IReadOnlyList<string> Classes, Provenance Provenance)
    : DataSet(Provenance), ISamples
{
    static string ISamples.Word => "pictures";

    private protected override void AppendTo(IncrementalHash hash)
    {
        foreach (var split in (ReadOnlySpan<LabelledImages>)[Train, Test])
        {
            hash.AppendData(split.Pixels);
            hash.AppendData(split.Labels);
        }
    }
}

/// <summary>Images of one size, stored one after the other as channels × height × width bytes, with one label each.</summary>
public sealed record LabelledImages(byte[] Pixels, byte[] Labels, int Channels, int Height, int Width)
{
    public byte[] Pixels { get; } = Pixels.LongLength == (long)Labels.Length * Channels * Height * Width
        ? Pixels
        : throw new ArgumentOutOfRangeException(nameof(Pixels), Pixels.LongLength, $"expected {Labels.Length} × {Channels} × {Height} × {Width}");

    public int Count => Labels.Length;
    public int PixelsPerImage => Channels * Height * Width;

    public ReadOnlySpan<byte> Image(int index) => Pixels.AsSpan(index * PixelsPerImage, PixelsPerImage);

    /// <summary>The images at these positions, in this order.</summary>
    public LabelledImages Take(IReadOnlyList<int> positions)
    {
        var pixels = new byte[(long)positions.Count * PixelsPerImage];
        for (var i = 0; i < positions.Count; i++) Image(positions[i]).CopyTo(pixels.AsSpan(i * PixelsPerImage));
        return new(pixels, [.. positions.Select(position => Labels[position])], Channels, Height, Width);
    }

    public int[] CountPerClass(int classes)
    {
        var counts = new int[classes];
        foreach (var label in Labels) counts[label]++;
        return counts;
    }
}

/// <summary>Clips to train on and clips that are only scored; no speaker is in both, and all classes are equally frequent.</summary>
public sealed record KeywordDataSet(
    IReadOnlyList<KeywordClip> Train, IReadOnlyList<KeywordClip> Test, IReadOnlyList<string> Classes, Provenance Provenance)
    : DataSet(Provenance), ISamples
{
    static string ISamples.Word => "clips";

    // Samples as little-endian 16-bit numbers, each clip followed by its label.
    private protected override void AppendTo(IncrementalHash hash)
    {
        if (!BitConverter.IsLittleEndian)
            throw new PlatformNotSupportedException("Samples are hashed as they lie in memory, which this machine orders otherwise.");
        foreach (var clip in Train.Concat(Test))
        {
            hash.AppendData(MemoryMarshal.AsBytes<short>(clip.Samples));
            hash.AppendData([(byte)clip.Label]);
        }
    }
}

/// <summary>One second of sound: 16,000 samples of 16 bits.</summary>
/// <param name="Path">Class folder and file, or the number of a generated clip.</param>
/// <param name="Speaker">Null for silence.</param>
public sealed record KeywordClip(string Path, short[] Samples, int Label, string? Speaker);

/// <summary>The twelve classes of keyword spotting, in the order of the data set's paper.</summary>
public static class Keywords
{
    public const int SamplesPerClip = WavFile.SampleRate;
    public const int Silence = 0, Unknown = 1;
    static readonly string[] Names = ["_silence_", "_unknown_", "yes", "no", "up", "down", "left", "right", "on", "off", "stop", "go"];

    public static IReadOnlyList<string> Classes => Names;

    /// <summary>The class number, or -1.</summary>
    public static int Label(string name) => Array.IndexOf(Names, name);
}

/// <summary>Ratings to train on, ratings that are only scored, and what is known of the people and the movies.</summary>
public sealed record RatingsDataSet(
    IReadOnlyList<Rating> Train, IReadOnlyList<Rating> Validation, IReadOnlyList<Person> People, IReadOnlyList<Movie> Movies,
    int Occupations, int Genres, Provenance Provenance) : DataSet(Provenance), ISamples
{
    static string ISamples.Word => "ratings";

    /// <summary>The same validation pairs with the opposite labels.</summary>
    public RatingsDataSet WithFlippedValidation() =>
        this with { Validation = [.. Validation.Select(rating => rating with { Stars = rating.IsLike ? 1 : Rating.Most })] };

    // Every rating as three numbers, then every person and every movie.
    private protected override void AppendTo(IncrementalHash hash) => Append(hash,
    [
        .. Train.Concat(Validation).SelectMany(rating => (int[])[rating.User, rating.Item, rating.Stars]),
        .. People.SelectMany(person => (int[])[person.Age, person.Female ? 1 : 0, person.Occupation]),
        .. Movies.SelectMany(movie => (int[])[movie.Year, .. movie.Genres]),
    ]);
}

/// <summary>How many stars, one to five, a person gave a movie; both are numbered from 0.</summary>
public readonly record struct Rating(int User, int Item, int Stars)
{
    /// <summary>The fewest stars that are a like.</summary>
    public const int Liked = 4, Most = 5;

    public bool IsLike => Stars >= Liked;
}

/// <param name="Occupation">A position in the data set's occupations.</param>
public sealed record Person(int Age, bool Female, int Occupation);

/// <param name="Year">Of the first release; 0 when unknown.</param>
/// <param name="Genres">Positions in the data set's genres, rising.</param>
public sealed record Movie(int Year, IReadOnlyList<int> Genres);

/// <summary>Characters as bytes below <see cref="Symbols"/>: those to train on, and those that are only ever scored.</summary>
public sealed record TextDataSet(byte[] Train, byte[] Test, Provenance Provenance) : DataSet(Provenance), ISamples
{
    public const int Symbols = 128;

    static string ISamples.Word => "text";

    private protected override void AppendTo(IncrementalHash hash)
    {
        hash.AppendData(Train);
        hash.AppendData(Test);
    }
}

/// <summary>Papers with their words and classes, which of them cite which, and which labels may be seen when.</summary>
/// <param name="Words">Per paper the words it has, rising; a word is there or not.</param>
/// <param name="Vocabulary">How many words there are.</param>
/// <param name="Citations">Every pair once, the lower paper first; the direction does not matter.</param>
/// <param name="Train">Papers whose labels are trained on.</param>
/// <param name="Validation">Papers for choosing hyperparameters, otherwise unused.</param>
/// <param name="Test">Papers that are only scored.</param>
public sealed record CitationGraph(
    IReadOnlyList<int[]> Words, int Vocabulary, byte[] Labels, IReadOnlyList<(int First, int Second)> Citations,
    IReadOnlyList<string> Classes, int[] Train, int[] Validation, int[] Test, Provenance Provenance) : DataSet(Provenance), ISamples
{
    static string ISamples.Word => "papers";
    public int Papers => Labels.Length;

    /// <summary>Without loops, directions and repetitions, in a fixed order.</summary>
    public static IReadOnlyList<(int First, int Second)> Undirected(IEnumerable<(int From, int To)> citations) =>
        [.. citations.Where(pair => pair.From != pair.To)
            .Select(pair => (First: Math.Min(pair.From, pair.To), Second: Math.Max(pair.From, pair.To))).Distinct().Order()];

    // Every paper's class and words, every citation, then the three parts of the split.
    private protected override void AppendTo(IncrementalHash hash) => Append(hash,
    [
        .. Words.SelectMany((words, paper) => (int[])[Labels[paper], .. words]),
        .. Citations.SelectMany(pair => (int[])[pair.First, pair.Second]),
        .. Train, .. Validation, .. Test,
    ]);
}

/// <summary>Series side by side, one row per hour: those to train on, then those that are only ever scored.</summary>
/// <param name="Names">Of the series; the last one is to be predicted.</param>
/// <param name="Values">Row by row.</param>
/// <param name="Train">Rows to train on.</param>
public sealed record SeriesDataSet(IReadOnlyList<string> Names, float[] Values, int Train, Provenance Provenance) : DataSet(Provenance), ISamples
{
    static string ISamples.Word => "series";

    public int Rows => Values.Length / Names.Count;

    /// <summary>The same rows to train on, and others to score.</summary>
    public SeriesDataSet WithOtherScoredRows() =>
        this with { Values = [.. Values.Select((value, at) => at < Train * Names.Count ? value : 1 - 2 * value)] };

    private protected override void AppendTo(IncrementalHash hash) => Append(hash, Values.Select(BitConverter.SingleToInt32Bits));
}

/// <summary>Sentences to train on, and sentences that are only ever scored; a label is 1 for praise and 0 for blame.</summary>
public sealed record SentenceDataSet(IReadOnlyList<Sentence> Train, IReadOnlyList<Sentence> Dev, Provenance Provenance) : DataSet(Provenance), ISamples
{
    static string ISamples.Word => "sentences";

    private protected override void AppendTo(IncrementalHash hash)
    {
        foreach (var sentence in Train.Concat(Dev)) hash.AppendData(Encoding.UTF8.GetBytes($"{sentence.Text}\t{sentence.Label}\n"));
    }
}

/// <param name="Text">Words with spaces between them.</param>
public sealed record Sentence(string Text, byte Label);

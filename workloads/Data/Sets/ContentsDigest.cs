using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace MlPerfEdu.Data;

/// <summary>SHA-256 over samples and labels in the order of the splits, independent of any file format.</summary>
static class ContentsDigest
{
    public static string Of(ImageDataSet set)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var split in (ReadOnlySpan<LabelledImages>)[set.Train, set.Test])
        {
            hash.AppendData(split.Pixels);
            hash.AppendData(split.Labels);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public static string Of(TextDataSet set)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(set.Train);
        hash.AppendData(set.Test);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Samples as little-endian 16-bit numbers, each clip followed by its label.</summary>
    public static string Of(KeywordDataSet set)
    {
        if (!BitConverter.IsLittleEndian) throw new PlatformNotSupportedException("Samples are hashed as they lie in memory, which this machine orders otherwise.");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var clip in set.Train.Concat(set.Test))
        {
            hash.AppendData(MemoryMarshal.AsBytes<short>(clip.Samples));
            hash.AppendData([(byte)clip.Label]);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Every rating as three numbers, then every person and every movie, each number as text with a line of its own.</summary>
    public static string Of(RatingsDataSet set) => OfNumbers(
    [
        .. set.Train.Concat(set.Validation).SelectMany(rating => (int[])[rating.User, rating.Item, rating.Stars]),
        .. set.People.SelectMany(person => (int[])[person.Age, person.Female ? 1 : 0, person.Occupation]),
        .. set.Movies.SelectMany(movie => (int[])[movie.Year, .. movie.Genres]),
    ]);

    /// <summary>Every paper's class and words, every citation, then the three parts of the split.</summary>
    public static string Of(CitationGraph graph) => OfNumbers(
    [
        .. graph.Words.SelectMany((words, paper) => (int[])[graph.Labels[paper], .. words]),
        .. graph.Citations.SelectMany(pair => (int[])[pair.First, pair.Second]),
        .. graph.Train, .. graph.Validation, .. graph.Test,
    ]);

    static string OfNumbers(IEnumerable<int> numbers) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Join('\n', numbers))));
}

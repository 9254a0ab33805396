using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MlPerfEdu.Roofline;

/// <summary>A document that carries the hash of its own text.</summary>
public interface ISealed<TSelf>
{
    TSelf WithHash(string sha256);
}

/// <summary>The hash that a document carries of itself: over its canonical text with the hash field empty.</summary>
public static class ContentHash
{
    public static string Of<T>(T document)
        where T : ISealed<T> => Convert.ToHexStringLower(SHA256.HashData(CanonicalJson.Serialize(document.WithHash(""))));

    /// <summary>The same from the text, where the hash that it states is its last member; absent where it is not.</summary>
    public static string? OfText(ReadOnlySpan<byte> canonical, string stated)
    {
        var end = Encoding.UTF8.GetBytes($"\"{stated}\"\n}}\n");
        if (!canonical.EndsWith(end))
            return null;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(canonical[..^end.Length]);
        hash.AppendData("\"\"\n}\n"u8);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public static T Seal<T>(T document)
        where T : ISealed<T> => document.WithHash(Of(document));
}

/// <summary>One value has exactly one text: same order, same spacing, same spelling of numbers on every machine.</summary>
public static class CanonicalJson
{
    static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        IndentSize = 2,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters =
        {
            new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false),
            new SortedMapConverter<string>(),
            new SortedMapConverter<double>(),
        },
    };

    public static byte[] Serialize<T>(T value) => [.. JsonSerializer.SerializeToUtf8Bytes(value, Options), (byte)'\n'];
    public static string Text<T>(T value) => Encoding.UTF8.GetString(Serialize(value));

    /// <exception cref="JsonException">Not JSON, or not of this shape: a member missing, unknown, doubled or of another type.</exception>
    public static T Deserialize<T>(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize<T>(json, Options) ?? throw new JsonException("The document is null.");

    /// <summary>Writes a map by ordinal order of its keys, however it was filled.</summary>
    sealed class SortedMapConverter<TValue> : JsonConverter<IReadOnlyDictionary<string, TValue>>
    {
        public override IReadOnlyDictionary<string, TValue> Read(
            ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            JsonSerializer.Deserialize<Dictionary<string, TValue>>(ref reader, options)
            ?? throw new JsonException("A map is null.");

        public override void Write(Utf8JsonWriter writer, IReadOnlyDictionary<string, TValue> value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, new SortedDictionary<string, TValue>(value.ToDictionary(), StringComparer.Ordinal), options);
    }
}

/// <summary>
/// A killed run leaves the previous file or the new one, never half of it. What it has left of a new one is hidden, and goes with the first write to
/// the same folder an hour later.
/// </summary>
public static class AtomicFile
{
    const string Ending = ".tmp";

    // Nobody takes so long to write a file.
    static readonly TimeSpan Stale = TimeSpan.FromHours(1);

    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        var temporary = Temporary(Path.GetDirectoryName(Path.GetFullPath(path))!);
        try
        {
            File.WriteAllBytes(temporary, content);
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>A file whose name follows from what is in it.</summary>
    /// <param name="write">Given where to write.</param>
    /// <param name="nameOf">Given where that is, the name.</param>
    public static void Write(string folder, Action<string> write, Func<string, string> nameOf)
    {
        var temporary = Temporary(folder);
        try
        {
            write(temporary);
            File.Move(temporary, Path.Combine(folder, nameOf(temporary)), overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    static string Temporary(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var left in Directory.EnumerateFiles(folder, $".*{Ending}"))
        {
            try
            {
                if (File.GetLastWriteTimeUtc(left) < DateTime.UtcNow - Stale)
                    File.Delete(left);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // Somebody else's.
            }
        }
        return Path.Combine(folder, $".{Path.GetRandomFileName()}{Ending}");
    }
}

/// <summary>A moment as documents and the names of their files spell it: UTC, as 2026-01-31T12-00-00Z.</summary>
public static class Timestamp
{
    public static string Text(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-ddTHH-mm-ssZ");
}

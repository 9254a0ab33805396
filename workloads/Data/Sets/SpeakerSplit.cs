using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace MlPerfEdu.Data;

/// <summary>
/// Puts every speaker wholly on one side, chosen by a hash of the speaker's id, so that a model is never scored on a voice that it
/// has heard. A clip without a speaker (silence) goes by a hash of its own name.
/// </summary>
public static class SpeakerSplit
{
    public static (List<KeywordClip> Train, List<KeywordClip> Test) Split(IEnumerable<KeywordClip> clips, int testPercent)
    {
        var sides = clips.ToLookup(c => Chosen(c.Speaker is { } speaker ? $"speaker:{speaker}" : $"clip:{c.Path}", testPercent));
        return (Balance(sides[false]), Balance(sides[true]));
    }

    /// <summary>As many clips of each class as the rarest has, chosen by a hash of their names; the result is in the order of the names.</summary>
    public static List<KeywordClip> Balance(IEnumerable<KeywordClip> clips)
    {
        var classes = clips.GroupBy(c => c.Label).ToList();
        var rarest = classes.Count == 0 ? 0 : classes.Min(g => g.Count());
        return [.. classes.SelectMany(g => g.OrderBy(c => Hash(c.Path)).ThenBy(c => c.Path, StringComparer.Ordinal).Take(rarest)).OrderBy(c => c.Path, StringComparer.Ordinal)];
    }

    /// <summary>Whether a name is among the given share of all names.</summary>
    internal static bool Chosen(string name, int percent) => Hash(name) % 100 < (uint)percent;

    static uint Hash(string text) => BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}

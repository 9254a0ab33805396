using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MlPerfEdu.Roofline;
using MlPerfEdu.Roofline.Classify;
using MlPerfEdu.Roofline.Evidence;

namespace MlPerfEdu.Workloads.Tests.Trust;

/// <summary>A sidecar that somebody edited and sealed again: every hash and the file's name are right.</summary>
/// <param name="Fields">The paths that were edited, and changed something.</param>
sealed record Forgery(string Path, IReadOnlyList<string> Fields);

/// <summary>Edits one to three fields of a sidecar at random. A careful forger also derives the regimes again, so that only the edit itself can give it away.</summary>
sealed class Forger(int seed, string folder)
{
    // The seal is the forger's own business.
    static readonly string[] Seals = ["content_sha256", "peaks.content_sha256"];

    readonly Random random = new(seed);

    /// <summary>Null when the edit led to no document at all.</summary>
    public Forgery? Forge(string sidecar)
    {
        var document = JsonNode.Parse(File.ReadAllBytes(sidecar))!;
        List<(string Path, JsonValue Value)> leaves = [.. Leaves("", document).Where(leaf => !Seals.Contains(leaf.Path))];
        var edits = new Dictionary<string, string>();
        for (var more = 1 + random.Next(3); more > 0; more--)
        {
            var (path, value) = leaves[Pick(leaves)];
            if (edits.ContainsKey(path)) continue;
            var edited = Edited(value);
            value.ReplaceWith(edited);
            edits[path] = edited.ToJsonString();
        }

        var text = CanonicalJson.Serialize(document);
        try
        {
            return document["experiment"] is null
                ? Sealed(CanonicalJson.Deserialize<EvidenceRecord>(text), text, edits)
                : Sealed(CanonicalJson.Deserialize<ExperimentRecord>(text), text, edits);
        }
        catch (Exception error) when (error is JsonException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    Forgery Sealed<T>(T record, byte[] text, Dictionary<string, string> edits)
        where T : class, ISidecar, ISealed<T>
    {
        // What only the text states, such as a sum, is gone from the record: whoever forges nothing else has to seal the text.
        var kept = Leaves("", JsonNode.Parse(CanonicalJson.Serialize(record))).Where(leaf => edits.ContainsKey(leaf.Path))
            .Where(leaf => leaf.Value.ToJsonString() == edits[leaf.Path]).Select(leaf => leaf.Path).ToList();
        var ofText = kept.Count == 0;
        List<string> fields = ofText ? [.. edits.Keys] : kept;
        if (record is EvidenceRecord run && !ofText)
            record = (T)(object)Carefully(run, fields);
        var sealedRecord = ContentHash.Seal(record);
        var bytes = CanonicalJson.Serialize(sealedRecord);
        if (ofText)
        {
            var blank = Encoding.UTF8.GetString(text).Replace(Hash(text), "", StringComparison.Ordinal);
            var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(blank)));
            bytes = Encoding.UTF8.GetBytes(blank.Replace("\"content_sha256\": \"\"", $"\"content_sha256\": \"{hash}\"", StringComparison.Ordinal));
            sealedRecord = record.WithHash(hash);
        }

        var path = System.IO.Path.Combine(folder, EvidenceFile.Name(sealedRecord));
        File.WriteAllBytes(path, bytes);
        return new(path, fields);
    }

    EvidenceRecord Carefully(EvidenceRecord run, IReadOnlyList<string> fields)
    {
        run = run with { Peaks = ContentHash.Seal(run.Peaks) };
        return random.Next(2) == 0 || fields.Any(field => field.StartsWith("regimes", StringComparison.Ordinal))
            ? run
            : run with { Regimes = RegimeDerivation.Derive(run.Count, run.Measurement, run.Peaks, run.Thresholds) };
    }

    static string Hash(byte[] text) => JsonNode.Parse(text)!["content_sha256"]!.GetValue<string>();

    // Most leaves are samples: a part is chosen first, so that every part has its turn.
    int Pick(List<(string Path, JsonValue Value)> leaves)
    {
        var parts = leaves.Select((leaf, index) => (Part: leaf.Path.Split('.', '[')[0], index)).ToLookup(leaf => leaf.Part, leaf => leaf.index);
        var part = parts.ElementAt(random.Next(parts.Count)).ToList();
        return part[random.Next(part.Count)];
    }

    JsonNode Edited(JsonValue value) => value.GetValueKind() switch
    {
        JsonValueKind.True => false,
        JsonValueKind.False => true,
        JsonValueKind.String => Text(value.GetValue<string>()),
        _ => Number(value),
    };

    JsonNode Number(JsonValue value)
    {
        if (long.TryParse(value.ToJsonString(), out var whole))
            return random.Next(3) switch { 0 => whole + 1, 1 => whole / 2 - 3, _ => 2 * whole + 1 };
        return value.GetValue<double>() * (random.Next(3) switch { 0 => 0.5, 1 => 1.001, _ => 2 });
    }

    // A digest stays a digest, a number a number, a moment a moment: whatever reads like the original.
    string Text(string text)
    {
        var places = Enumerable.Range(0, text.Length).Where(place => char.IsAsciiLetterOrDigit(text[place])).ToList();
        if (places.Count == 0)
            return $"{text}x";
        var place = places[random.Next(places.Count)];
        var instead = char.IsAsciiDigit(text[place]) ? (char)('0' + (text[place] - '0' + 1 + random.Next(8)) % 10) : text[place] == 'a' ? 'b' : 'a';
        return $"{text[..place]}{instead}{text[(place + 1)..]}";
    }

    static IEnumerable<(string Path, JsonValue Value)> Leaves(string path, JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(member => Leaves(path.Length == 0 ? member.Key : $"{path}.{member.Key}", member.Value)),
        JsonArray items => items.SelectMany((item, index) => Leaves($"{path}[{index}]", item)),
        JsonValue value => [(path, value)],
        _ => [],
    };
}

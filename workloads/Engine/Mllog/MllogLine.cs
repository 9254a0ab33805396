using System.Text.Json;

namespace MlPerfEdu.Engine.Mllog;

/// <summary>One line of a log in MLPerf's format: `:::MLLOG {…}`.</summary>
/// <param name="Number">Counts from 1 in its file.</param>
public sealed record MllogLine(int Number, double TimeMs, string Key, JsonElement Value, JsonElement Metadata)
{
    public const string Token = ":::MLLOG ";

    static readonly JsonElement Absent = JsonSerializer.SerializeToElement<object?>(null);

    /// <summary>A part of the metadata; null where there is none of that name.</summary>
    public JsonElement Of(string name) =>
        Metadata.ValueKind == JsonValueKind.Object && Metadata.TryGetProperty(name, out var part) ? part : Absent;

    /// <summary>What a line says, as people read it.</summary>
    public override string ToString() => $"{Key} {Value.GetRawText()}";

    /// <summary>The text of a line, in ASCII and with a decimal point wherever it is written.</summary>
    /// <param name="at">Milliseconds; whole ones since 1970 in a log of training.</param>
    public static string Text(string space, object at, string type, string key, object? value, object metadata) =>
        Token + JsonSerializer.Serialize(new Dictionary<string, object?>
        {
            ["namespace"] = space, ["time_ms"] = at, ["event_type"] = type, ["key"] = key, ["value"] = value, ["metadata"] = metadata,
        });

    /// <summary>Every line that has the token, whatever stands before it. What cannot be read is a finding.</summary>
    public static (IReadOnlyList<MllogLine> Lines, IReadOnlyList<LogFinding> Findings) Read(string path)
    {
        var (lines, findings) = (new List<MllogLine>(), new List<LogFinding>());
        var number = 0;
        // Read as it is written, so that the log of a run that goes on can be read, too.
        using var file = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        while (file.ReadLine() is { } text)
        {
            number++;
            var start = text.LastIndexOf(Token, StringComparison.Ordinal);
            if (start < 0)
                continue;
            if (Parse(text[(start + Token.Length)..], number, out var why) is { } line)
                lines.Add(line);
            else
                findings.Add(LogFindings.NotALine(path, number, why));
        }

        return (lines, findings);
    }

    static MllogLine? Parse(string json, int number, out string why)
    {
        why = "";
        try
        {
            var parts = JsonDocument.Parse(json.Trim()).RootElement;
            if (Missing(parts) is not { } missing)
                return new MllogLine(number, parts.GetProperty("time_ms").GetDouble(), parts.GetProperty("key").GetString()!, parts.GetProperty("value"), parts.GetProperty("metadata"));
            why = $"no {missing}";
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            why = error.Message;
        }

        return null;
    }

    static string? Missing(JsonElement parts) => parts.ValueKind != JsonValueKind.Object
        ? "object"
        : new[] { "time_ms", "key", "value", "metadata" }.FirstOrDefault(name => !parts.TryGetProperty(name, out _));
}

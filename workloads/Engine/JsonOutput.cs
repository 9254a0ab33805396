using System.Text.Json;
using System.Text.Json.Serialization;

namespace MlPerfEdu.Engine;

/// <summary>The form of every --json answer: one document, snake_case keys.</summary>
public static class JsonOutput
{
    static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DictionaryKeyPolicy = null,
        WriteIndented = true,
        NewLine = "\n",
        // A metric that diverged is an answer, too.
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <exception cref="JsonException">It is no such document.</exception>
    public static T Read<T>(string text) => JsonSerializer.Deserialize<T>(text, Options) ?? throw new JsonException("null");

    public static string Text<T>(T document) => JsonSerializer.Serialize(document, Options) + "\n";
}

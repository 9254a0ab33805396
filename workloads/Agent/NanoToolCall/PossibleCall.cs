using System.Text.Json;
using System.Text.RegularExpressions;

namespace MlPerfEdu.Workloads.Agent.NanoToolCall;

/// <summary>Whether a call is one of those that a question of BFCL allows, by the rules of its checker.</summary>
static partial class PossibleCall
{
    // Texts are equal without these.
    [GeneratedRegex(@"[ ,./\-_*^]")]
    private static partial Regex Unseen { get; }

    public static bool IsRight(string written, FunctionCall expected)
    {
        try
        {
            using var document = JsonDocument.Parse(written);
            return document.RootElement is { ValueKind: JsonValueKind.Object } call
                && call.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String && name.GetString() == expected.Function
                && call.TryGetProperty("arguments", out var arguments) && arguments.ValueKind == JsonValueKind.Object
                && arguments.EnumerateObject().All(argument =>
                    expected.Allowed.TryGetProperty(argument.Name, out var values) && values.EnumerateArray().Any(value => IsSame(argument.Value, value)))
                && expected.Allowed.EnumerateObject().All(parameter =>
                    arguments.TryGetProperty(parameter.Name, out _) || parameter.Value.EnumerateArray().Any(IsNothing));
        }
        catch (JsonException)
        {
            return false;
        }
    }

    public static bool IsJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    static bool IsNothing(JsonElement value) => value.ValueKind == JsonValueKind.String && value.GetString() == "";

    static bool IsSame(JsonElement found, JsonElement expected) => (found.ValueKind, expected.ValueKind) switch
    {
        (JsonValueKind.String, JsonValueKind.String) => !IsNothing(expected) && Plain(found) == Plain(expected),
        (JsonValueKind.Array, JsonValueKind.Array) =>
            found.GetArrayLength() == expected.GetArrayLength() && found.EnumerateArray().Zip(expected.EnumerateArray()).All(pair => IsSame(pair.First, pair.Second)),
        _ => JsonElement.DeepEquals(found, expected),
    };

    static string Plain(JsonElement text) => Unseen.Replace(text.GetString()!, "").ToLowerInvariant().Replace('\'', '"');
}

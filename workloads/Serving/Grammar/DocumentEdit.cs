using System.Text.Json;
using MlPerfEdu.Serving.Numerics;

namespace MlPerfEdu.Serving.Grammar;

/// <summary>A document with one thing changed somewhere: nearly right ones are what a grammar has to tell from right ones.</summary>
static class DocumentEdit
{
    static readonly string[] Others = ["null", "true", "0", "-1.5", "2e3", "\"x\"", "[]", "{}"];

    public static string Of(JsonElement value, RandomData random)
    {
        if (random.Below(4) == 0)
            return Others[random.Below(Others.Length)];
        var text = value.GetRawText();
        return value.ValueKind switch
        {
            JsonValueKind.Object => "{" + string.Join(',', Changed(
                [.. value.EnumerateObject().Select(property => (JsonSerializer.Serialize(property.Name) + ":", property.Value))], random)) + "}",
            JsonValueKind.Array => "[" + string.Join(',', Changed([.. value.EnumerateArray().Select(item => ("", item))], random)) + "]",
            JsonValueKind.String => random.Below(2) == 0 ? $"\"x{text[1..]}" : $"{text[..^1]}é\"",
            _ => Others[random.Below(Others.Length)],
        };
    }

    // One part leaves, comes twice, or is changed itself.
    static IEnumerable<string> Changed(List<(string Name, JsonElement Value)> parts, RandomData random)
    {
        var (place, change) = (random.Below(Math.Max(1, parts.Count)), random.Below(4));
        foreach (var (index, (name, value)) in parts.Index())
        {
            if (index != place || change > 0)
                yield return name + (index == place && change > 1 ? Of(value, random) : value.GetRawText());
            if (index == place && change == 1)
                yield return name + value.GetRawText();
        }
    }
}

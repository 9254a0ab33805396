using System.Text.Json;
using MlPerfEdu.Serving.Numerics;

namespace MlPerfEdu.Serving.Grammar;

/// <summary>A document with one thing changed somewhere: nearly right ones are what a grammar has to tell from right ones.</summary>
sealed class DocumentEdit(JsonElement schema, RandomData random)
{
    // Whatever the schema says itself may stand somewhere else as well.
    readonly string[] _others = ["null", "true", "0", "-1.5", "2e3", "\"x\"", "[]", "{}", .. Scalars(schema).Distinct()];

    public string Of(JsonElement value)
    {
        if (random.Below(4) == 0)
            return Other();
        var text = value.GetRawText();
        return value.ValueKind switch
        {
            JsonValueKind.Object => "{" + string.Join(',', Changed(
                [.. value.EnumerateObject().Select(property => (JsonSerializer.Serialize(property.Name) + ":", property.Value))])) + "}",
            JsonValueKind.Array => "[" + string.Join(',', Changed([.. value.EnumerateArray().Select(item => ("", item))])) + "]",
            JsonValueKind.String when random.Below(2) == 0 => random.Below(2) == 0 ? $"\"x{text[1..]}" : $"{text[..^1]}é\"",
            _ => Other(),
        };
    }

    // One part leaves, comes twice, or is changed itself.
    IEnumerable<string> Changed(List<(string Name, JsonElement Value)> parts)
    {
        var (place, change) = (random.Below(Math.Max(1, parts.Count)), random.Below(4));
        foreach (var (index, (name, value)) in parts.Index())
        {
            if (index != place || change > 0)
                yield return name + (index == place && change > 1 ? Of(value) : value.GetRawText());
            if (index == place && change == 1)
                yield return name + value.GetRawText();
        }
    }

    string Other() => _others[random.Below(_others.Length)];

    static IEnumerable<string> Scalars(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().SelectMany(property => Scalars(property.Value)),
        JsonValueKind.Array => value.EnumerateArray().SelectMany(Scalars),
        _ => [value.GetRawText()],
    };
}

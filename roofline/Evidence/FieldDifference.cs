using System.Text.Json;

namespace MlPerfEdu.Roofline.Evidence;

/// <summary>A field of a document that is not what it should be, by its path, such as quality.curve[3].value.</summary>
public sealed record FieldDifference(string Field, string Found, string Expected)
{
    const string Nothing = "nothing";
    const int LongestText = 120;

    /// <param name="field">The path of both.</param>
    public static IReadOnlyList<FieldDifference> Between<T>(string field, T stated, T derived) =>
        Between(field, CanonicalJson.Serialize(stated), CanonicalJson.Serialize(derived));

    /// <summary>Of two texts of JSON.</summary>
    public static IReadOnlyList<FieldDifference> Between(string field, byte[] stated, byte[] derived)
    {
        if (stated.AsSpan().SequenceEqual(derived))
            return [];
        using JsonDocument first = JsonDocument.Parse(stated), second = JsonDocument.Parse(derived);
        return [.. Between(field, first.RootElement, second.RootElement)];
    }

    static IEnumerable<FieldDifference> Between(string field, JsonElement stated, JsonElement derived) => (stated.ValueKind, derived.ValueKind) switch
    {
        (JsonValueKind.Object, JsonValueKind.Object) => Names(stated).Union(Names(derived)).SelectMany(name => Members(
            field.Length == 0 ? name : $"{field}.{name}", Member(stated, name), Member(derived, name))),
        (JsonValueKind.Array, JsonValueKind.Array) => Enumerable.Range(0, Math.Max(stated.GetArrayLength(), derived.GetArrayLength()))
            .SelectMany(index => Members($"{field}[{index}]", Item(stated, index), Item(derived, index))),
        _ => stated.GetRawText() == derived.GetRawText() ? [] : [new(field, Text(stated), Text(derived))],
    };

    static IEnumerable<FieldDifference> Members(string field, JsonElement? stated, JsonElement? derived) => (stated, derived) switch
    {
        ({ } one, { } other) => Between(field, one, other),
        _ => [new(field, stated is { } found ? Text(found) : Nothing, derived is { } expected ? Text(expected) : Nothing)],
    };

    static IEnumerable<string> Names(JsonElement element) => element.EnumerateObject().Select(member => member.Name);
    static JsonElement? Member(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value : null;
    static JsonElement? Item(JsonElement element, int index) => index < element.GetArrayLength() ? element[index] : null;

    static string Text(JsonElement element)
    {
        var text = element.ValueKind is JsonValueKind.Object or JsonValueKind.Array ? string.Join(' ', element.GetRawText().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)) : element.GetRawText();
        return text.Length <= LongestText ? text : $"{text[..LongestText]} …";
    }
}

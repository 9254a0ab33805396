using System.Text.Json;

namespace MlPerfEdu.Serving.Grammar;

/// <summary>
/// Whether a document is one that a schema allows, by looking at the finished document: the plain form of <see cref="JsonSchema"/>, which
/// makes an expression of the schema before there is any document.
/// </summary>
static class PlainSchema
{
    public static bool Allows(JsonElement schema, JsonElement value)
    {
        if (schema.TryGetProperty("const", out var constant))
            return JsonElement.DeepEquals(constant, value);
        if (schema.TryGetProperty("enum", out var values))
            return values.EnumerateArray().Any(one => JsonElement.DeepEquals(one, value));
        if (schema.TryGetProperty("anyOf", out var choices))
            return choices.EnumerateArray().Any(choice => Allows(choice, value));
        return (schema.GetProperty("type").GetString(), value.ValueKind) switch
        {
            ("object", JsonValueKind.Object) => AllowsObject(schema, value),
            ("array", JsonValueKind.Array) => IsWithin(schema, "minItems", "maxItems", value.GetArrayLength())
                && value.EnumerateArray().All(item => Allows(schema.GetProperty("items"), item)),
            ("string", JsonValueKind.String) => IsWithin(schema, "minLength", "maxLength", value.GetString()!.EnumerateRunes().Count()),
            ("integer", JsonValueKind.Number) => value.GetRawText().All(letter => letter == '-' || char.IsAsciiDigit(letter)),
            ("number", JsonValueKind.Number) or ("null", JsonValueKind.Null) => true,
            ("boolean", JsonValueKind.True or JsonValueKind.False) => true,
            _ => false,
        };
    }

    // In the order of the schema, none twice, none that it does not name.
    static bool AllowsObject(JsonElement schema, JsonElement value)
    {
        List<string> names = [.. value.EnumerateObject().Select(property => property.Name)];
        var declared = schema.TryGetProperty("properties", out var properties) ? properties.EnumerateObject().ToList() : [];
        var required = schema.TryGetProperty("required", out var needed) ? needed.EnumerateArray().Select(name => name.GetString()!) : [];
        return names.SequenceEqual(declared.Select(property => property.Name).Where(names.Contains))
            && required.All(names.Contains)
            && value.EnumerateObject().All(property => Allows(properties.GetProperty(property.Name), property.Value));
    }

    static bool IsWithin(JsonElement schema, string least, string most, int count) =>
        (!schema.TryGetProperty(least, out var low) || count >= low.GetInt32())
        && (!schema.TryGetProperty(most, out var high) || count <= high.GetInt32());
}

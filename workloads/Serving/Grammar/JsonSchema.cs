using System.Text.Json;
using static MlPerfEdu.Serving.Grammar.Expression;

namespace MlPerfEdu.Serving.Grammar;

/// <summary>The documents that a JSON schema allows, as a regular expression: properties in the order of the schema, no white space, no property
/// that the schema does not name. A schema that refers to itself would need a stack, and is refused.</summary>
public static class JsonSchema
{
    const int DeepestNesting = 16;

    static readonly string[] Common = ["type", "description", "title", "$schema"];

    // A quotation mark, a backslash and control characters are escaped; beyond ASCII, UTF-8 as the standard has it: nothing overlong, no
    // surrogates.
    static readonly Expression Continued = Range(0x80, 0xbf);
    static readonly Expression HexDigit = Any(Range('0', '9'), Range('a', 'f'), Range('A', 'F'));

    static readonly Expression Character = Any(
        Range(0x20, 0x21), Range(0x23, 0x5b), Range(0x5d, 0x7f),
        Of(Range(0xc2, 0xdf), Continued),
        Of(Byte(0xe0), Range(0xa0, 0xbf), Continued),
        Of(Any(Range(0xe1, 0xec), Range(0xee, 0xef)), Continued, Continued),
        Of(Byte(0xed), Range(0x80, 0x9f), Continued),
        Of(Byte(0xf0), Range(0x90, 0xbf), Continued, Continued),
        Of(Range(0xf1, 0xf3), Continued, Continued, Continued),
        Of(Byte(0xf4), Range(0x80, 0x8f), Continued, Continued),
        Of(Byte((byte)'\\'), Any([.. "\"\\/bfnrt".Select(escaped => Text(escaped.ToString()))])),
        // Not a surrogate: half of a pair would be no character.
        Of(Text("\\u"), Any(
            Of(Any(Range('0', '9'), Range('a', 'c'), Range('A', 'C'), Range('e', 'f'), Range('E', 'F')), HexDigit, HexDigit, HexDigit),
            Of(Any(Text("d"), Text("D")), Range('0', '7'), HexDigit, HexDigit))));

    static readonly Expression Digits = Of(Range('0', '9'), Many(Range('0', '9')));
    static readonly Expression Integer = Of(Optional(Text("-")), Any(Text("0"), Of(Range('1', '9'), Many(Range('0', '9')))));

    static readonly Expression Number = Of(
        Integer, Optional(Of(Text("."), Digits)), Optional(Of(Any(Text("e"), Text("E")), Optional(Any(Text("+"), Text("-"))), Digits)));

    /// <exception cref="KernelException">The text is not JSON, or the schema uses a keyword that is not supported.</exception>
    public static Expression Parse(string schema)
    {
        try
        {
            using var document = JsonDocument.Parse(schema);
            return Read(document.RootElement, 0);
        }
        catch (JsonException error)
        {
            throw KernelErrors.OutOfRange("schema", $"that is no JSON ({error.Message})", "a JSON schema");
        }
    }

    static Expression Read(JsonElement schema, int depth)
    {
        Guard.Range(schema.ValueKind == JsonValueKind.Object, "schema", schema.ValueKind, "an object");
        Guard.Range(depth <= DeepestNesting, "schema nested", $"{depth} deep", $"at most {DeepestNesting}");
        if (schema.TryGetProperty("const", out var constant))
            return Literal(schema, constant, "const");
        if (schema.TryGetProperty("enum", out var values))
            return Any([.. Items(schema, values, "enum").Select(value => Literal(schema, value, "enum"))]);
        if (schema.TryGetProperty("anyOf", out var choices))
            return Any([.. Known(schema, Items(schema, choices, "anyOf"), "anyOf").Select(choice => Read(choice, depth + 1))]);
        var type = schema.TryGetProperty("type", out var named) ? named.ToString() : "none";
        return type switch
        {
            "object" => Object(schema, depth),
            "array" => Array(schema, depth),
            "string" => String(schema),
            "integer" => Known(schema, Integer),
            "number" => Known(schema, Number),
            "boolean" => Known(schema, Any(Text("true"), Text("false"))),
            "null" => Known(schema, Text("null")),
            _ => throw KernelErrors.UnknownId("type of a schema", type, "object, array, string, integer, number, boolean or null"),
        };
    }

    // "a":1 and then ,"b":2: the comma depends on whether anything stands before, so the rest is described for both cases.
    static Expression Object(JsonElement schema, int depth)
    {
        var required = schema.TryGetProperty("required", out var names) ? names.EnumerateArray().Select(name => name.GetString()!).ToHashSet() : [];
        List<(Expression Text, bool IsRequired)> properties = [];
        if (schema.TryGetProperty("properties", out var declared))
        {
            foreach (var property in declared.EnumerateObject())
            {
                var text = Of(Text(JsonSerializer.Serialize(property.Name) + ":"), Read(property.Value, depth + 1));
                properties.Add((text, required.Remove(property.Name)));
            }
        }
        if (required.Count > 0)
            throw KernelErrors.UnknownId("required property", required.First(), "one of the schema's properties");
        var (first, later) = (Empty, Empty);
        foreach (var (text, isRequired) in Enumerable.Reverse(properties))
        {
            var (alone, after) = (Of(text, later), Of(Text(","), text, later));
            (first, later) = isRequired ? (alone, after) : (Any(alone, first), Any(after, later));
        }
        return Known(schema, Of(Text("{"), first, Text("}")), "properties", "required", "additionalProperties");
    }

    static Expression Array(JsonElement schema, int depth)
    {
        var item = Read(schema.TryGetProperty("items", out var items)
            ? items : throw KernelErrors.UnknownId("keyword", "none", "'items' of an array"), depth + 1);
        var (least, most) = Bounds(schema, "minItems", "maxItems");
        var some = most is 0 ? Empty : Of(item, Times(Of(Text(","), item), Math.Max(least - 1, 0), most - 1));
        return Known(schema, Of(Text("["), least == 0 ? Optional(some) : some, Text("]")), "items", "minItems", "maxItems");
    }

    static Expression String(JsonElement schema)
    {
        var (least, most) = Bounds(schema, "minLength", "maxLength");
        return Known(schema, Of(Text("\""), Times(Character, least, most), Text("\"")), "minLength", "maxLength");
    }

    static Expression Literal(JsonElement schema, JsonElement value, string keyword) => Known(schema, Text(JsonSerializer.Serialize(value)), keyword);

    static (int Least, int? Most) Bounds(JsonElement schema, string least, string most)
    {
        const int largest = 1000;
        var from = schema.TryGetProperty(least, out var low) && low.TryGetInt32(out var lowest) ? lowest : 0;
        int? to = schema.TryGetProperty(most, out var high) && high.TryGetInt32(out var highest) ? highest : null;
        return from >= 0 && from <= (to ?? largest) && (to ?? 0) <= largest
            ? (from, to) : throw KernelErrors.OutOfRange($"{least} and {most}", $"{from} and {to}",
                $"0 to {largest}, the first not above the second");
    }

    static List<JsonElement> Items(JsonElement schema, JsonElement list, string keyword)
    {
        Known(schema, keyword, keyword);
        return list.ValueKind == JsonValueKind.Array && list.GetArrayLength() > 0
            ? [.. list.EnumerateArray()] : throw KernelErrors.Empty($"choices in '{keyword}'");
    }

    // What is not understood may not be passed over: the mask would allow what the schema forbids.
    static T Known<T>(JsonElement schema, T read, params string[] keywords)
    {
        foreach (var property in schema.EnumerateObject())
        {
            if (!Common.Contains(property.Name) && !keywords.Contains(property.Name))
                throw KernelErrors.UnknownId("keyword", property.Name,
                    "one that this schema's type understands: " + string.Join(", ", [.. Common, .. keywords]));
        }
        return read;
    }
}

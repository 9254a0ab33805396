using System.Text.Json;
using MlPerfEdu.Serving.Grammar;

namespace MlPerfEdu.Serving.Tests.Modules;

/// <summary>What an expression still expects after a byte (Brzozowski 1964): the plain form of the automaton, without any table.</summary>
static class Derivative
{
    /// <summary>What describes no text at all, not even the empty one.</summary>
    static readonly Expression Nothing = Expression.Any();

    /// <summary>Whether the expression describes a text with this prefix.</summary>
    public static bool IsBeginning(Expression expression, ReadOnlySpan<byte> text)
    {
        foreach (var value in text)
            expression = Of(expression, value);
        return !IsNothing(expression);
    }

    public static bool Describes(Expression expression, ReadOnlySpan<byte> text)
    {
        foreach (var value in text)
            expression = Of(expression, value);
        return IsOptional(expression);
    }

    public static Expression Of(Expression expression, byte value) => expression switch
    {
        OneByte one => one.Set.Contains(value) ? Expression.Empty : Nothing,
        Choice choice => OneOf(choice.Choices.Select(part => Of(part, value))),
        Repeat repeat => Then(Of(repeat.Part, value), [repeat]),
        Sequence sequence => OneOf(OfSequence(sequence.Parts, value)),
        _ => throw new ArgumentException($"An expression of type {expression.GetType()}; write a case for it.", nameof(expression)),
    };

    public static bool IsOptional(Expression expression) => expression switch
    {
        Choice choice => choice.Choices.Any(IsOptional),
        Repeat => true,
        Sequence sequence => sequence.Parts.All(IsOptional),
        _ => false,
    };

    // The byte is read by the first part, or by a later one if all before it can be empty.
    static IEnumerable<Expression> OfSequence(IReadOnlyList<Expression> parts, byte value)
    {
        for (var index = 0; index < parts.Count; index++)
        {
            yield return Then(Of(parts[index], value), parts.Skip(index + 1));
            if (!IsOptional(parts[index]))
                break;
        }
    }

    static bool IsNothing(Expression expression) => expression is Choice { Choices.Count: 0 };

    static Expression Then(Expression first, IEnumerable<Expression> rest) =>
        IsNothing(first) ? Nothing : new Sequence([.. first is Sequence sequence ? sequence.Parts : [first], .. rest]);

    static Expression OneOf(IEnumerable<Expression> choices)
    {
        List<Expression> left = [.. choices.Where(choice => !IsNothing(choice))];
        return left.Count == 1 ? left[0] : Expression.Any(left);
    }
}

/// <summary>A schema read anew for each document, without a grammar.</summary>
static class SchemaRules
{
    /// <summary>Whether a schema allows a finished document; the plain form.</summary>
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

/// <summary>A document with one change: a grammar has to tell nearly valid ones from valid ones.</summary>
sealed class DocumentEdit(JsonElement schema, RandomData random)
{
    // Values of the schema itself may stand in other places as well.
    readonly string[] others = ["null", "true", "0", "-1.5", "2e3", "\"x\"", "[]", "{}", .. Scalars(schema).Distinct()];

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

    string Other() => others[random.Below(others.Length)];

    static IEnumerable<string> Scalars(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().SelectMany(property => Scalars(property.Value)),
        JsonValueKind.Array => value.EnumerateArray().SelectMany(Scalars),
        _ => [value.GetRawText()],
    };
}

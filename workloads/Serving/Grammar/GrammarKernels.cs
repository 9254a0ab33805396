using System.Text.Json;

namespace MlPerfEdu.Serving.Grammar;

[Kernels("grammar")]
public sealed class GrammarKernels : IKernels
{
    const int LongestWalk = 1000;

    GrammarState state;
    ulong bits;

    public IEnumerable<Kernel> Kernels()
    {
        var cache = Cache(GrammarSamples.ToolCall);
        var first = Enumerable.Range(1, GrammarSamples.Tokens - 1).First(token => cache.IsAllowed(GrammarCache.Start, token));
        var mask = new ulong[cache.MaskWords];
        // Inside a string nearly every token may come next.
        var widest = Enumerable.Range(0, cache.States).Select(state => new GrammarState(state)).MaxBy(state => Allowed(cache, state));
        return
        [
            new("mask-build", () => cache.Build(widest, mask)),
            new("mask-and-state", () => bits = cache.Mask(this.state = GrammarCache.Start)[0]),
            new("mask", () => bits = cache.Mask(this.state)[0]),
            new("next", () => this.state = cache.Next(GrammarCache.Start, first)),
        ];
    }

    public IEnumerable<KernelInvariant> Invariants()
    {
        foreach (var (index, schema) in GrammarSamples.Schemas.Index())
        {
            var (number, grammar, cache, random) = (index + 1, JsonSchema.Parse(schema), Cache(schema), new RandomData(15));
            yield return KernelInvariant.None(
                $"schema {number}: a mask allows the tokens after which a valid document is still possible, of the whole vocabulary",
                Enumerable.Range(0, 10).Sum(_ => WrongBits(grammar, cache, random)));
            yield return KernelInvariant.True($"schema {number}: tokens chosen at random from the masks make a valid document", 100,
                () => IsValid(grammar, Walk(cache, random)));
            yield return KernelInvariant.None($"schema {number}: the grammar describes what the schema allows, and nothing that it nearly allows",
                Misjudged(schema, grammar, cache, random));
        }
        yield return KernelInvariant.True("tokens with the same text are allowed together", AllowsTwins());
        var tool = Cache(GrammarSamples.ToolCall);
        Walk(tool, new(16));
        var kept = tool.Cached;
        Walk(tool, new(16));
        yield return KernelInvariant.True("a mask is made once", tool.Cached == kept && kept > 0);
    }

    static int Allowed(GrammarCache cache, GrammarState state) =>
        Enumerable.Range(0, GrammarSamples.Tokens).Count(token => cache.IsAllowed(state, token));

    // Compared with derivatives of the expression at every step of a random document.
    static int WrongBits(Expression grammar, GrammarCache cache, RandomData random)
    {
        var (wrong, state) = (0, GrammarCache.Start);
        for (var step = 0; step < 12; step++)
        {
            for (var token = 1; token < GrammarSamples.Tokens; token++)
                wrong += cache.IsAllowed(state, token) == Derivative.IsBeginning(grammar, GrammarSamples.Vocabulary[token]) ? 0 : 1;
            wrong += cache.IsAllowed(state, Vocabulary.End) == Derivative.IsOptional(grammar) ? 0 : 1;
            var next = Pick(cache, state, random);
            if (next == Vocabulary.End)
                break;
            state = cache.Next(state, next);
            foreach (var value in GrammarSamples.Vocabulary[next])
                grammar = Derivative.Of(grammar, value);
        }
        return wrong;
    }

    static bool AllowsTwins()
    {
        byte[][] tokens = [[], [.. "tr"u8], [.. "ue"u8], [.. "tr"u8], [.. "true"u8], [.. "x"u8], [.. "tr"u8], [.. "true"u8]];
        var cache = new GrammarCache(JsonSchema.Parse("""{ "const": true }"""), new(tokens));
        int[] allowed = [.. Enumerable.Range(0, tokens.Length).Where(token => cache.IsAllowed(GrammarCache.Start, token))];
        return allowed.SequenceEqual([1, 3, 4, 6, 7]);
    }

    static byte[] Walk(GrammarCache cache, RandomData random)
    {
        List<byte> text = [];
        var state = GrammarCache.Start;
        for (var step = 0; step < LongestWalk; step++)
        {
            var token = Pick(cache, state, random);
            if (token == Vocabulary.End)
                break;
            text.AddRange(GrammarSamples.Vocabulary[token]);
            state = cache.Next(state, token);
        }
        return [.. text];
    }

    static int Pick(GrammarCache cache, GrammarState state, RandomData random)
    {
        if (cache.IsEnd(state) && random.Below(2) == 0)
            return Vocabulary.End;
        List<int> allowed = [.. Enumerable.Range(0, GrammarSamples.Tokens).Where(token => cache.IsAllowed(state, token))];
        return allowed[random.Below(allowed.Count)];
    }

    static bool IsValid(Expression grammar, byte[] document)
    {
        try
        {
            using var read = JsonDocument.Parse(document);
            return Derivative.Describes(grammar, document);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    static int Misjudged(string schema, Expression grammar, GrammarCache cache, RandomData random)
    {
        using var rules = JsonDocument.Parse(schema);
        var (wrong, edits) = (0, new DocumentEdit(rules.RootElement, random));
        for (var walk = 0; walk < 100; walk++)
        {
            using var document = JsonDocument.Parse(Walk(cache, random));
            wrong += JsonSchema.Allows(rules.RootElement, document.RootElement) ? 0 : 1;
            for (var edit = 0; edit < 30; edit++)
            {
                using var edited = JsonDocument.Parse(edits.Of(document.RootElement));
                var describes = Derivative.Describes(grammar, Encoding.UTF8.GetBytes(edited.RootElement.GetRawText()));
                wrong += JsonSchema.Allows(rules.RootElement, edited.RootElement) == describes ? 0 : 1;
            }
        }
        return wrong;
    }

    static GrammarCache Cache(string schema) => new(JsonSchema.Parse(schema), GrammarSamples.Vocabulary);
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

/// <summary>Schemas, and a vocabulary trained on such documents.</summary>
static class GrammarSamples
{
    public const int Tokens = 1000;

    public const string ToolCall =
        """
        { "type": "object", "required": ["name", "arguments"], "properties": {
            "name": { "enum": ["get_weather", "get_forecast"] },
            "arguments": { "type": "object", "required": ["city"], "properties": {
                "city": { "type": "string", "minLength": 1, "maxLength": 12 },
                "days": { "type": "integer" },
                "unit": { "enum": ["celsius", "fahrenheit"] },
                "alerts": { "type": "boolean" } } } } }
        """;

    public static IReadOnlyList<string> Schemas { get; } =
    [
        ToolCall,
        """{ "type": "array", "minItems": 1, "maxItems": 3, "items": { "type": "array", "items": { "type": "number" }, "maxItems": 2 } }""",
        """{ "anyOf": [{ "type": "null" }, { "const": { "city": 1 } }, { "type": "string", "maxLength": 3 }, { "type": "boolean" }] }""",
        """
        { "type": "object", "properties": {
            "a": { "type": "integer" }, "b": { "type": "array", "items": { "type": "boolean" }, "maxItems": 2 } } }
        """,
    ];

    public static Vocabulary Vocabulary { get; } = Vocabulary.Train(Encoding.UTF8.GetBytes(Documents()), Tokens);

    static string Documents()
    {
        string[] starts = ["Ber", "Ham", "Mün", "Lis", "Por", "Zür", "Gen", "Kra", "Hel", "Stock", "Rey", "Val"];
        string[] ends = ["lin", "burg", "chen", "bon", "to", "ich", "eva", "kau", "sinki", "holm", "kjavik", "encia"];
        var random = new RandomData(14);
        var text = new StringBuilder();
        for (var document = 0; document < 400; document++)
        {
            text.Append("{\"name\":\"").Append(Pick("get_weather", "get_forecast")).Append("\",\"arguments\":{\"city\":\"")
                .Append(Pick(starts)).Append(Pick(ends)).Append('"');
            if (random.Below(2) == 0)
                text.Append(",\"days\":").Append(random.Between(1, 30));
            if (random.Below(2) == 0)
                text.Append(",\"unit\":\"").Append(Pick("celsius", "fahrenheit")).Append('"');
            if (random.Below(2) == 0)
                text.Append(",\"alerts\":").Append(Pick("true", "false"));
            text.Append("}}\n[[").Append(random.Below(1000) / 8.0).Append(',').Append(-random.Below(99)).Append("],[]]\n");
        }
        return text.ToString();

        string Pick(params string[] choices) => choices[random.Below(choices.Length)];
    }
}

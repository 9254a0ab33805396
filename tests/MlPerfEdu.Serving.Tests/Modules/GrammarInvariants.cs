using System.Text.Json;
using MlPerfEdu.Serving.Grammar;
using static MlPerfEdu.Serving.Grammar.GrammarKernels;

namespace MlPerfEdu.Serving.Tests.Modules;

[InvariantsOf("grammar")]
sealed class GrammarInvariants : IInvariants
{
    const int LongestWalk = 1000;

    static readonly string[] Schemas =
    [
        GrammarSamples.ToolCall,
        """{ "type": "array", "minItems": 1, "maxItems": 3, "items": { "type": "array", "items": { "type": "number" }, "maxItems": 2 } }""",
        """{ "anyOf": [{ "type": "null" }, { "const": { "city": 1 } }, { "type": "string", "maxLength": 3 }, { "type": "boolean" }] }""",
        """
        { "type": "object", "properties": {
            "a": { "type": "integer" }, "b": { "type": "array", "items": { "type": "boolean" }, "maxItems": 2 } } }
        """,
    ];

    public IEnumerable<KernelInvariant> Invariants()
    {
        foreach (var (index, schema) in Schemas.Index())
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
            wrong += SchemaRules.Allows(rules.RootElement, document.RootElement) ? 0 : 1;
            for (var edit = 0; edit < 30; edit++)
            {
                using var edited = JsonDocument.Parse(edits.Of(document.RootElement));
                var describes = Derivative.Describes(grammar, Encoding.UTF8.GetBytes(edited.RootElement.GetRawText()));
                wrong += SchemaRules.Allows(rules.RootElement, edited.RootElement) == describes ? 0 : 1;
            }
        }
        return wrong;
    }
}

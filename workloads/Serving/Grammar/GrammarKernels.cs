namespace MlPerfEdu.Serving.Grammar;

[Kernels("grammar")]
public sealed class GrammarKernels : IKernels
{
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

    static int Allowed(GrammarCache cache, GrammarState state) =>
        Enumerable.Range(0, GrammarSamples.Tokens).Count(token => cache.IsAllowed(state, token));

    internal static GrammarCache Cache(string schema) => new(JsonSchema.Parse(schema), GrammarSamples.Vocabulary);
}

/// <summary>A schema, and a vocabulary trained on such documents.</summary>
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

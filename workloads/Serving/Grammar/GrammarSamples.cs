using System.Text;
using MlPerfEdu.Serving.Numerics;

namespace MlPerfEdu.Serving.Grammar;

/// <summary>Schemas, and a vocabulary that was trained on documents such as they describe.</summary>
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

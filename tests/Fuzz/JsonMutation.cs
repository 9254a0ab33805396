using System.Text.Json;
using System.Text.Json.Nodes;

namespace MlPerfEdu.Fuzz;

/// <summary>Changes the structure and the values of a JSON document, not its text. The same number makes the same changes.</summary>
static class JsonMutation
{
    static readonly string[] Values =
    [
        "null", "true", "[]", "{}", "\"\"", "0", "-1", "-0.0", "1", "2147483648", "9223372036854775807", "-9223372036854775808", "1e308", "-1e308", "5e-324", "0.1",
        "[0]", "[null]", "[[[]]]", "[-1e308, 1e308]", "\"2026-02-30T25-61-61Z\"", "\"0001-01-01T00-00-00Z\"", "\"../../etc/passwd\"",
    ];

    public static JsonNode Of(JsonNode document, int number)
    {
        var random = new Random(number);
        var changed = document.DeepClone();
        for (var times = random.Next(1, 4); times > 0; times--)
            Once(changed, random);
        return changed;
    }

    static void Once(JsonNode document, Random random)
    {
        // Down one way from the root, so that every part has its turn however many samples it has.
        var node = document;
        while (Children(node) is { Count: > 0 } children && (node == document || random.Next(8) != 0))
            node = children[random.Next(children.Count)];
        switch (random.Next(6))
        {
            case 0 when node.Parent is JsonObject members:
                members.Remove(node.GetPropertyName());
                break;
            case 0 when node.Parent is JsonArray items:
                items.RemoveAt(node.GetElementIndex());
                break;
            case 1 when node.Parent is JsonArray items:
                for (var copies = random.Next(1, 50); copies > 0; copies--)
                    items.Add(node.DeepClone());
                break;
            case 1 when node.Parent is JsonObject members:
                members[$"{node.GetPropertyName()}x"] = node.DeepClone();
                break;
            case 2:
                Replace(node, JsonValue.Create(YamlMutation.Hostile[random.Next(YamlMutation.Hostile.Length)]));
                break;
            case 3 when node.GetValueKind() == JsonValueKind.Number:
                Replace(node, JsonValue.Create(node.GetValue<double>() * Math.Pow(10, random.Next(-20, 20))));
                break;
            default:
                Replace(node, JsonNode.Parse(Values[random.Next(Values.Length)]));
                break;
        }
    }

    static List<JsonNode> Children(JsonNode node) => node switch
    {
        JsonObject members => [.. members.Select(member => member.Value).OfType<JsonNode>()],
        JsonArray items => [.. items.OfType<JsonNode>()],
        _ => [],
    };

    static void Replace(JsonNode node, JsonNode? with)
    {
        if (node.Parent is JsonObject members)
            members[node.GetPropertyName()] = with;
        else if (node.Parent is JsonArray items)
            items[node.GetElementIndex()] = with;
    }
}

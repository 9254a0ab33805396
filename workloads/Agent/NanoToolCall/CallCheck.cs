using System.Text.Json;

namespace MlPerfEdu.Workloads.Agent.NanoToolCall;

/// <summary>Whether a text is JSON, and a call that a schema allows. It reads the schema itself, so that it can disagree with the grammar.</summary>
sealed class CallCheck
{
    readonly Dictionary<string, Dictionary<string, JsonValueKind>> tools = new(StringComparer.Ordinal);

    public CallCheck(string schema)
    {
        using var document = JsonDocument.Parse(schema);
        foreach (var tool in document.RootElement.GetProperty("anyOf").EnumerateArray())
        {
            var properties = tool.GetProperty("properties");
            tools.Add(properties.GetProperty("name").GetProperty("const").GetString()!, properties.GetProperty("arguments").GetProperty("properties")
                .EnumerateObject().ToDictionary(
                    parameter => parameter.Name,
                    parameter => parameter.Value.GetProperty("type").GetString() == "integer" ? JsonValueKind.Number : JsonValueKind.String));
        }
    }

    /// <summary>Whether the text is JSON at all, and whether it calls one of the tools with all its parameters and no others.</summary>
    public (bool IsJson, bool IsAllowed) Of(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return (true, IsAllowed(document.RootElement));
        }
        catch (JsonException)
        {
            return (false, false);
        }
    }

    bool IsAllowed(JsonElement call) =>
        call.ValueKind == JsonValueKind.Object && call.EnumerateObject().Count() == 2
        && call.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String
        && tools.TryGetValue(name.GetString()!, out var parameters)
        && call.TryGetProperty("arguments", out var arguments) && arguments.ValueKind == JsonValueKind.Object
        && arguments.EnumerateObject().Select(argument => argument.Name).Order(StringComparer.Ordinal).SequenceEqual(parameters.Keys.Order(StringComparer.Ordinal))
        && arguments.EnumerateObject().All(argument => argument.Value.ValueKind == parameters[argument.Name]
            && (argument.Value.ValueKind != JsonValueKind.Number || argument.Value.TryGetDecimal(out var number) && number == decimal.Truncate(number)));
}

using System.Numerics;
using System.Text.Json;

namespace VerifyTests;

/// <summary>The members of a JSON object in the text's order.</summary>
sealed class JsonMembers : List<(object Key, object? Value)>;

/// <summary>A JSON text as plain values: members, lists, texts, numbers.</summary>
static class JsonTree
{
    public static object? Parse(string json)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false });
        return Convert(document.RootElement);
    }

    static object? Convert(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var members = new JsonMembers();
                foreach (var property in element.EnumerateObject())
                    members.Add((property.Name, Convert(property.Value)));
                return members;
            case JsonValueKind.Array:
                return element.EnumerateArray().Select(Convert).ToList();
            case JsonValueKind.String:
                return element.GetString();
            case JsonValueKind.Number:
                return BigInteger.TryParse(element.GetRawText(), System.Globalization.NumberStyles.AllowLeadingSign, null, out var whole)
                    ? whole
                    : element.GetDouble();
            case JsonValueKind.True or JsonValueKind.False:
                return element.GetBoolean();
            default:
                return null;
        }
    }
}

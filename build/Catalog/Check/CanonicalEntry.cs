using System.Globalization;
using System.Text;
using System.Text.Json;

namespace MlPerfEdu.Generator;

/// <summary>The part of an entry that says what must hold, in one spelling whatever the layout of the file.</summary>
internal static class CanonicalEntry
{
    static readonly string[] MeasuredOrProse = ["regime", "reference", "note", "params_note", "provenance", "errata", "experiment"];

    public static string Of(string id, string suite, YamlNode entry)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WritePropertyName("entry");
            Write(entry, json);
            json.WriteString("id", id);
            json.WriteString("suite", suite);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    static void Write(YamlNode node, Utf8JsonWriter json)
    {
        switch (node)
        {
            case YamlMapping mapping:
                json.WriteStartObject();
                foreach (var pair in mapping.Pairs
                    .Where(pair => !MeasuredOrProse.Contains(pair.Key.Text))
                    .OrderBy(pair => pair.Key.Text, StringComparer.Ordinal))
                {
                    json.WritePropertyName(pair.Key.Text);
                    Write(pair.Value, json);
                }
                json.WriteEndObject();
                break;
            case YamlSequence sequence:
                json.WriteStartArray();
                foreach (var item in sequence.Items)
                    Write(item, json);
                json.WriteEndArray();
                break;
            case YamlScalar scalar when Values.IsNumber(scalar):
                // 1.0e-3 and 0.001 are the same statement. An overflow is refused elsewhere, but must not stop us here.
                var number = double.Parse(scalar.Text, CultureInfo.InvariantCulture);
                json.WriteNumberValue(double.IsFinite(number) ? number : 0);
                break;
            case YamlScalar { IsNull: false } scalar:
                json.WriteStringValue(scalar.Text);
                break;
            default:
                json.WriteNullValue();
                break;
        }
    }
}

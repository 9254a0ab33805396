using System.Globalization;
using MlPerfEdu.Data;

namespace MlPerfEdu.Zoo;

/// <summary>Reads numbers that carry their unit: `2.039 TB/s`. Each kind of value accepts its own unit and no other.</summary>
sealed class QuantityReader(CatalogMap map)
{
    const decimal Largest = 1_000_000_000m;

    public ParameterCount? Parameters(string key) =>
        Read(map.Node(key), key, "", Prefixes.Decimal, "8.03 G") is { } value ? new(value) : null;

    public ByteCount? Bytes(string key) => Read(map.Node(key), key, "B", Prefixes.Binary, "80 GiB") is { } value ? new(value) : null;

    public ByteRate? Bandwidth(string key) =>
        Read(map.Node(key), key, "B/s", Prefixes.Decimal, "2.039 TB/s") is { } value ? new(value) : null;

    public FlopRate? Rate(string key) => RateOf(map.Node(key), key);

    public FlopRate? RateOf(YamlNode? node, string key) =>
        Read(node, key, "FLOP/s", Prefixes.Decimal, "312 TFLOP/s") is { } value ? new(value) : null;

    public Power? Power(string key) => Read(map.Node(key), key, "W", Prefixes.Small, "400 W") is { } value ? new(value) : null;

    public Money? Price(string key) => Read(map.Node(key), key, "USD", Prefixes.Decimal, "15000 USD") is { } value ? new(value) : null;

    public Duration? Time(string key) => Read(map.Node(key), key, "s", Prefixes.Small, "0.015 ms") is { } value ? new(value) : null;

    /// <summary>FLOP of one unit of work: `8.2 GFLOP/image`.</summary>
    public (Flop Work, WorkUnit Unit)? Work(string key)
    {
        const string example = "8.2 GFLOP/image";
        if (map.Node(key) is not { } node) return null;
        var per = node is YamlText text ? text.Value[(text.Value.LastIndexOf('/') + 1)..] : "";
        if (WorkUnits.Find(per) is { } unit)
            return Read(node, key, $"FLOP/{per}", Prefixes.Decimal, example) is { } value ? (new Flop(value), unit) : null;
        WrongUnit(node, key, $"FLOP per {string.Join(", ", WorkUnits.Names)}", example);
        return null;
    }

    double? Read(YamlNode? node, string key, string unit, IReadOnlyDictionary<string, decimal> prefixes, string example)
    {
        if (node is null) return null;
        if (node is not YamlText { Quoted: false } text)
        {
            map.Wrong(node, key, $"a number and its unit, as in '{example}'");
            return null;
        }
        var space = text.Value.IndexOf(' ', StringComparison.Ordinal);
        var (digits, rest) = space < 0 ? (text.Value, "") : (text.Value[..space], text.Value[(space + 1)..].Trim());
        if (!decimal.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || number <= 0 || number > Largest)
        {
            map.Problems.Add(node, ZooCodes.Number,
                $"{map.Where}, {key}: found '{digits}', expected a number above 0, at most 10^9, as in '{example}'. Correct it.");
            return null;
        }
        if (!rest.EndsWith(unit, StringComparison.Ordinal) || !prefixes.TryGetValue(rest[..^unit.Length], out var scale))
        {
            WrongUnit(node, key, unit.Length > 0 ? unit : "no unit, only a prefix such as G", example);
            return null;
        }
        return (double)(number * scale);
    }

    void WrongUnit(YamlNode node, string key, string expected, string example) => map.Problems.Add(node, ZooCodes.Unit,
        $"{map.Where}, {key}: found {node.Kind}, expected {expected}, as in '{example}'. Correct the unit.");
}

using System.Globalization;
using MlPerfEdu.Data;

namespace MlPerfEdu.Zoo;

/// <summary>A mapping of either registry. On top of plain values it reads numbers that carry their unit, as in `2.039 TB/s`: each kind of value
/// accepts its own unit and no other.</summary>
sealed class EntryMap(YamlNode node, string where, CatalogProblems problems) : CatalogMap(node, where, problems)
{
    const int LargestSize = 10_000_000;
    const decimal LargestNumber = 1_000_000_000m;

    // Prefixes are exact, so that 2.039 TB/s is the double nearest to it.
    static readonly Dictionary<string, decimal> Decimal = new()
    {
        [""] = 1m, ["k"] = 1e3m, ["M"] = 1e6m, ["G"] = 1e9m, ["T"] = 1e12m, ["P"] = 1e15m, ["E"] = 1e18m,
    };

    // Memory also comes in powers of 1024.
    static readonly Dictionary<string, decimal> Binary = new(Decimal)
    {
        ["Ki"] = 1L << 10, ["Mi"] = 1L << 20, ["Gi"] = 1L << 30, ["Ti"] = 1L << 40,
    };

    static readonly Dictionary<string, decimal> Small = new()
    {
        [""] = 1m, ["m"] = 1e-3m, ["µ"] = 1e-6m, ["n"] = 1e-9m, ["k"] = 1e3m, ["M"] = 1e6m,
    };

    public EntryMap Inner(YamlNode inner, string key) => new(inner, $"{Where}, {key}", Problems);
    public bool IsNone(string key) => Node(key) is YamlText { Quoted: false, Value: "none" };
    public int? Size(string key) => (int?)OptionalNumber(key, 1, LargestSize);
    public ParameterCount? Parameters(string key) => Quantity(key, "", Decimal, "8.03 G") is { } value ? new(value) : null;
    public ByteCount? Bytes(string key) => Quantity(key, "B", Binary, "80 GiB") is { } value ? new(value) : null;
    public ByteRate? Bandwidth(string key) => Quantity(key, "B/s", Decimal, "2.039 TB/s") is { } value ? new(value) : null;
    public FlopRate? Rate(string key) => RateOf(Node(key), key);

    public FlopRate? RateOf(YamlNode? rate, string key) =>
        Quantity(rate, key, "FLOP/s", Decimal, "312 TFLOP/s") is { } value ? new(value) : null;

    public Power? Power(string key) => Quantity(key, "W", Small, "400 W") is { } value ? new(value) : null;
    public Money? Price(string key) => Quantity(key, "USD", Decimal, "15000 USD") is { } value ? new(value) : null;
    public Duration? Time(string key) => Quantity(key, "s", Small, "0.015 ms") is { } value ? new(value) : null;

    /// <summary>FLOP of one unit of work: `8.2 GFLOP/image`.</summary>
    public (Flop Work, WorkUnit Unit)? Work(string key)
    {
        const string example = "8.2 GFLOP/image";
        if (Node(key) is not { } work) return null;
        var per = work is YamlText text ? text.Value[(text.Value.LastIndexOf('/') + 1)..] : "";
        if (Words.Find<WorkUnit>(per) is { } unit)
            return Quantity(work, key, $"FLOP/{per}", Decimal, example) is { } value ? (new Flop(value), unit) : null;
        WrongUnit(work, key, $"FLOP per {string.Join(", ", Words.Of<WorkUnit>())}", example);
        return null;
    }

    public Dtype? DtypeOf(YamlNode name)
    {
        if (name is YamlText text && Dtypes.Find(text.Value) is { } dtype) return dtype;
        Problems.Add(name, ZooCodes.Dtype,
            $"{Where}: found the dtype {name.Kind}, expected one of: {string.Join(", ", Dtypes.Names)}. Correct it.");
        return null;
    }

    /// <param name="values">The keys whose value must have a source.</param>
    public IReadOnlyList<Source> Sources(YamlText id, IEnumerable<string> values)
    {
        Required("sources", "what each value comes from");
        var sources = List("sources").Select((source, index) => OneSource(Inner(source, $"source {index + 1}"))).ToList();
        List<string> present = [.. values.Where(key => Entries.Any(entry => entry.Key.Value == key))];
        var named = sources.SelectMany(source => source.Of).ToHashSet();
        foreach (var key in present.Where(key => !named.Contains(key)))
            Problems.Add(id, ZooCodes.Source,
                $"{Where}: found '{key}' without a source, expected every value to have one. Name it under sources.");
        foreach (var key in named.Where(key => !present.Contains(key)))
            Problems.Add(id, ZooCodes.Source, $"{Where}: found a source of '{key}', which the entry does not have. Remove it.");
        return sources;
    }

    static Source OneSource(EntryMap map)
    {
        List<string> of = [.. map.List("of").OfType<YamlText>().Select(text => text.Value)];
        var source = new Source(of, map.Text("from"));
        map.RefuseTheRest();
        return source;
    }

    /// <summary>`original` says something only when `flag` says why.</summary>
    public void CheckFlag(YamlText id, YamlNode? original, string? flag)
    {
        if (original is not null && flag is null)
            Problems.Add(original, ZooCodes.Contradiction,
                $"{id.Kind}: found 'original' without 'flag', expected a flag that says what is wrong there. Add it.");
    }

    double? Quantity(string key, string unit, Dictionary<string, decimal> prefixes, string example) =>
        Quantity(Node(key), key, unit, prefixes, example);

    double? Quantity(YamlNode? quantity, string key, string unit, Dictionary<string, decimal> prefixes, string example)
    {
        if (quantity is null) return null;
        if (quantity is not YamlText { Quoted: false } text)
        {
            Wrong(quantity, key, $"a number and its unit, as in '{example}'");
            return null;
        }
        var space = text.Value.IndexOf(' ', StringComparison.Ordinal);
        var (digits, rest) = space < 0 ? (text.Value, "") : (text.Value[..space], text.Value[(space + 1)..].Trim());
        if (!decimal.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            || number <= 0 || number > LargestNumber)
        {
            Problems.Add(text, ZooCodes.Number,
                $"{Where}, {key}: found '{digits}', expected a number above 0, at most 10^9, as in '{example}'. Correct it.");
            return null;
        }
        if (rest.EndsWith(unit, StringComparison.Ordinal) && prefixes.TryGetValue(rest[..^unit.Length], out var scale))
            return (double)(number * scale);
        WrongUnit(text, key, unit.Length > 0 ? unit : "no unit, only a prefix such as G", example);
        return null;
    }

    void WrongUnit(YamlNode quantity, string key, string expected, string example) => Problems.Add(quantity, ZooCodes.Unit,
        $"{Where}, {key}: found {quantity.Kind}, expected {expected}, as in '{example}'. Correct the unit.");
}

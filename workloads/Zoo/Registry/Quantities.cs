using System.Globalization;

namespace MlPerfEdu.Zoo;

/// <summary>Reads numbers that carry their unit, as in `2.039 TB/s`: each kind of value accepts its own unit and no other.</summary>
static class Quantities
{
    const decimal LargestNumber = 1_000_000_000m;
    static readonly NumberRange Sizes = NumberRange.Between(1, 10_000_000);

    // No model has fewer: below it, a prefix is missing.
    const int FewestParameters = 1000;

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

    public static int? Size(this Field? field) => field?.Whole(Sizes) is > 0 and var size ? (int)size : null;
    public static ParameterCount? Parameters(this Field? field) => field.In("", Decimal, "8.03 G", FewestParameters, 1e16) is { } value ? new(value) : null;
    public static ByteCount? Bytes(this Field? field) => field.In("B", Binary, "80 GiB", 1e3, 1e18) is { } value ? new(value) : null;
    public static ByteRate? Bandwidth(this Field? field) => field.In("B/s", Decimal, "2.039 TB/s", 1e5, 1e18) is { } value ? new(value) : null;
    public static FlopRate? Rate(this Field? field) => field.In("FLOP/s", Decimal, "312 TFLOP/s", 1e6, 1e21) is { } value ? new(value) : null;
    public static Power? Power(this Field? field) => field.In("W", Small, "400 W", 1e-6, 1e7) is { } value ? new(value) : null;
    public static Money? Price(this Field? field) => field.In("USD", Decimal, "15000 USD", 1e-2, 1e10) is { } value ? new(value) : null;
    public static Duration? Time(this Field? field) => field.In("s", Small, "0.015 ms", 1e-9, 1e3) is { } value ? new(value) : null;

    /// <summary>FLOP of one unit of work: `8.2 GFLOP/image`.</summary>
    public static (Flop Work, WorkUnit Unit)? Work(this Field? field)
    {
        const string example = "8.2 GFLOP/image";
        if (field is null) return null;
        var per = field.Node is YamlScalar scalar ? scalar.Text[(scalar.Text.LastIndexOf('/') + 1)..] : "";
        if (Words.Find<WorkUnit>(per) is { } unit)
            return field.In($"FLOP/{per}", Decimal, example, 1, 1e20) is { } value ? (new(value), unit) : null;
        WrongUnit(field, $"FLOP per {string.Join(", ", Words.Of<WorkUnit>())}", example);
        return null;
    }

    public static Dtype? OfDtype(this Field field)
    {
        if (field.Node is YamlScalar scalar && Dtypes.Find(scalar.Text) is { } dtype) return dtype;
        field.Problems.Add(ZooCodes.Dtype, field.Node.Start, $"{field.Shown} as a dtype", $"one of {string.Join(", ", Dtypes.Names)}", "Correct it.");
        return null;
    }

    /// <param name="least">What such a value is at least, and at most: beyond it, the prefix is wrong.</param>
    static double? In(this Field? field, string unit, Dictionary<string, decimal> prefixes, string example, double least, double most)
    {
        if (field?.Node is not YamlScalar { IsPlain: true } scalar)
        {
            field?.IsNot($"a number and its unit, as in '{example}'");
            return null;
        }
        var space = scalar.Text.IndexOf(' ', StringComparison.Ordinal);
        var (digits, rest) = space < 0 ? (scalar.Text, "") : (scalar.Text[..space], scalar.Text[(space + 1)..].Trim());
        // Spelled as in JSON: 010 is eight to readers of YAML 1.1, and ten to others.
        if (!Field.IsNumber(digits) || !decimal.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || number is <= 0 or > LargestNumber)
            field.Problems.Add(ZooCodes.Number, scalar.Start, $"{Quoted.Of(digits)} for {field.Name}",
                $"a decimal number above 0, at most 10^9, as in '{example}'", "Correct it.");
        else if (!rest.EndsWith(unit, StringComparison.Ordinal) || !prefixes.TryGetValue(rest[..^unit.Length], out var scale))
            WrongUnit(field, unit.Length > 0 ? unit : "no unit, only a prefix such as G", example);
        else if ((double)(number * scale) is var value && (value < least || value > most))
            field.Problems.Add(ZooCodes.Number, scalar.Start, $"{field.Shown} for {field.Name}",
                $"{least:0.###e+0} to {most:0.###e+0} {(unit.Length > 0 ? unit : "of them")}, as in '{example}'", "Correct the number or its prefix.");
        else if (unit.Length == 0 && value != Math.Round(value))
            field.Problems.Add(ZooCodes.Number, scalar.Start, $"{field.Shown} for {field.Name}", $"a whole number of them, as in '{example}'", "Correct the number or its prefix.");
        else
            return value;
        return null;
    }

    static void WrongUnit(Field field, string expected, string example) => field.Problems.Add(ZooCodes.Unit, field.Node.Start,
        $"{field.Shown} for {field.Name}", $"{expected}, as in '{example}'", "Correct the unit.");
}

/// <summary>What the entries of both registries have in common.</summary>
/// <param name="values">The keys whose value must have a source.</param>
/// <param name="others">The keys of this registry alone that need none.</param>
sealed class RegistryFields(YamlPair pair, string[] values, string[] others, Problems problems)
{
    readonly Fields fields = new(pair.Value, Quoted.Of(pair.Key.Text), ["name", .. others, .. values, "original", "flag", "sources"], problems);

    public string Owner => fields.Owner;
    public Field? Original => fields.Optional("original");
    public string? Flag => fields.Optional("flag")?.Line();
    public Field Required(string key) => fields.Required(key);
    public Field? Optional(string key) => fields.Optional(key);

    /// <summary>A mistake of the whole entry; none where its mapping could not be read.</summary>
    public void Wrong(string code, string found, string expected, string todo)
    {
        if (!fields.Mapping.IsIncomplete) problems.Add(code, pair.Key.Start, $"{found} in {Owner}", expected, todo);
    }

    public IReadOnlyList<Source> Sources()
    {
        List<Source> sources = [.. Required("sources").Items().Select(item => item.Fields($"a source of {Owner}", ["of", "from"]))
            .Select(source => new Source([.. source.Required("of").Items().Select(key => key.Text())], source.Required("from").Line()))];
        var named = sources.SelectMany(source => source.Of).ToHashSet();
        List<string> present = [.. values.Where(key => Optional(key) is not null)];
        foreach (var key in present.Except(named))
            Wrong(ZooCodes.Source, $"'{key}' without a source", "one for every value", "Name it under sources.");
        foreach (var key in named.Except(present))
            Wrong(ZooCodes.Source, $"a source of {Quoted.Of(key)}", "sources of values that the entry has", "Remove it.");
        // `original` says something only when `flag` says why.
        if (Original is { } original && Optional("flag") is null)
            problems.Add(ZooCodes.Contradiction, original.Node.Start, $"'original' without 'flag' in {Owner}",
                "a flag that says what is wrong there", "Add it.");
        return sources;
    }
}

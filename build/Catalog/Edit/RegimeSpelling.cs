using System.Globalization;

namespace MlPerfEdu.Generator;

/// <summary>A regime block as YAML, refused unless every part of it is valid.</summary>
internal sealed class RegimeSpelling
{
    readonly string machineClass;

    public RegimeSpelling(string machineClass, RegimeBlock block)
    {
        this.machineClass = machineClass;
        Require(Names.IsId(machineClass), "machine class", machineClass);
        Require(RegimeCheck.IsSidecar(block.EvidenceSidecar), "evidence_sidecar", block.EvidenceSidecar);
        Require(RegimeCheck.IsDigest(block.EvidenceSha256), "evidence_sha256", block.EvidenceSha256);
        Require(RegimeCheck.IsTime(block.MeasuredAt), "measured_at", block.MeasuredAt);
        Values =
        [
            .. Axis(Known.Keys.Regime[0], Known.Keys.WorkingSet, Known.WorkingSets, block.WorkingSet),
            .. Axis(Known.Keys.Regime[1], Known.Keys.ArithmeticIntensity, Known.Intensities, block.ArithmeticIntensity),
            .. Axis(Known.Keys.Regime[2], Known.Keys.Dispatch, Known.Dispatches, block.Dispatch),
            new(["evidence_sidecar"], block.EvidenceSidecar),
            // In quotes, as a digest of digits alone, or with one e, would be a number to other readers.
            new(["evidence_sha256"], $"\"{block.EvidenceSha256}\""),
            new(["measured_at"], block.MeasuredAt),
        ];
    }

    /// <summary>Each value with the keys that lead to it.</summary>
    public IReadOnlyList<SpelledValue> Values { get; }

    /// <summary>The machine class with everything below it, for a place inside brackets.</summary>
    public string OnOneLine => $"{machineClass}: {{ {string.Join(", ", Fields())} }}";

    /// <summary>The machine class with everything below it, one string per line.</summary>
    public IEnumerable<string> Lines => [$"{machineClass}:", .. Fields().Select(line => "  " + line)];

    IEnumerable<string> Fields() => Values
        .GroupBy(value => value.Path[0])
        .Select(group => group.First().Path.Length == 1
            ? $"{group.Key}: {group.First().Text}"
            : $"{group.Key}: {{ {string.Join(", ", group.Select(value => $"{value.Path[1]}: {value.Text}"))} }}");

    static IEnumerable<SpelledValue> Axis(string axis, string[] keys, string[] known, RegimeAxis value)
    {
        Require(known.Contains(value.Value), axis, value.Value);
        var number = value.Number.ToString("R", CultureInfo.InvariantCulture);
        Require(double.IsFinite(value.Number) && value.Number >= 0, $"{axis}.{keys[1]}", number);
        return [new([axis, keys[0]], value.Value), new([axis, keys[1]], number)];
    }

    static void Require(bool valid, string what, string found)
    {
        if (!valid)
            throw new ArgumentException($"Found {Quoted.Of(found)} for {what}. Expected the form that build/README.md describes.");
    }
}

internal sealed record SpelledValue(string[] Path, string Text);

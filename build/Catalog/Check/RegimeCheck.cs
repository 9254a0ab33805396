using System.Text.RegularExpressions;

namespace MlPerfEdu.Generator;

internal static partial class RegimeCheck
{
    const string SidecarForm = "a relative path of plain folder and file names that ends in .json";
    const string DigestForm = "64 hexadecimal digits in lower case";
    const string TimeForm = "a UTC time such as 2026-01-31T23-59-59Z";

    /// <summary>One block per machine class. No value at all means that there is no baseline yet.</summary>
    public static IReadOnlyDictionary<string, RegimeBlock> Read(YamlNode? node, string workload, Problems problems)
    {
        var blocks = new SortedDictionary<string, RegimeBlock>(StringComparer.Ordinal);
        if (node is null or YamlScalar { IsNull: true })
            return blocks;
        var values = new Values(problems);
        if (node is not YamlMapping classes)
        {
            values.WrongKind(node, $"'regime' of {workload}", "a mapping from machine class to its block");
            return blocks;
        }
        foreach (var (key, block) in classes.Pairs.Select(pair => (pair.Key, pair.Value)))
        {
            var machineClass = values.Id(key, $"a machine class of {workload}");
            blocks[machineClass] = ReadBlock(block, $"the regime of {workload} on {Quoted.Of(machineClass)}", key.Start.Line, problems);
        }
        return blocks;
    }

    public static bool IsSidecar(string text) => Sidecar().IsMatch(text);
    public static bool IsDigest(string text) => Digest().IsMatch(text);
    public static bool IsTime(string text) => Time().IsMatch(text);

    static RegimeBlock ReadBlock(YamlNode node, string owner, int line, Problems problems)
    {
        var fields = new Fields(node, owner, Known.Keys.Regime, problems);
        var values = new Values(problems);
        return new(
            Axis("working_set", Known.Keys.WorkingSet, Known.WorkingSets, NumberRange.NotNegative),
            Axis("arithmetic_intensity", Known.Keys.ArithmeticIntensity, Known.Intensities, NumberRange.NotNegative),
            Axis("dispatch", Known.Keys.Dispatch, Known.Dispatches, NumberRange.NotNegative),
            Formatted("evidence_sidecar", Sidecar(), SidecarForm),
            Formatted("evidence_sha256", Digest(), DigestForm),
            Formatted("measured_at", Time(), TimeForm)) { Line = line };

        RegimeAxis Axis(string key, string[] keys, string[] known, NumberRange range)
        {
            var axis = new Fields(fields.Required(key), $"'{key}' in {owner}", keys, problems);
            return new(axis.OneOf("value", known), axis.Number(keys[1], range)) { Line = fields.LineOf(key) };
        }

        string Formatted(string key, Regex form, string expected) =>
            values.Formatted(fields.Required(key), fields.Named(key), form, expected);
    }

    [GeneratedRegex(@"^([A-Za-z0-9_-][A-Za-z0-9._-]*/)*[A-Za-z0-9_-][A-Za-z0-9._-]*\.json\z")]
    private static partial Regex Sidecar();

    [GeneratedRegex(@"^[0-9a-f]{64}\z")]
    private static partial Regex Digest();

    [GeneratedRegex(@"^[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]-[0-5][0-9]-[0-5][0-9]Z\z")]
    private static partial Regex Time();
}

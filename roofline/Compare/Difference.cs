namespace MlPerfEdu.Roofline.Compare;

/// <summary>A stated value that is not the same in both runs; hashes are cut to their first digits.</summary>
sealed record Difference(string Name, string Before, string After)
{
    internal const int ShortDigits = 12;
    const string Absent = "(none)";
    const int HashDigits = 64;

    public override string ToString() => $"{Before} → {After}";

    public static IEnumerable<Difference> Of(string name, string before, string after)
    {
        if (before != after)
            yield return new Difference(name, Short(before), Short(after));
    }

    /// <param name="prefix">Before the name of each member.</param>
    public static IEnumerable<Difference> Of(
        string prefix, IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string> after) =>
        before.Keys.Union(after.Keys).Order(StringComparer.Ordinal)
            .SelectMany(key => Of($"{prefix}{key}", before.GetValueOrDefault(key, Absent), after.GetValueOrDefault(key, Absent)));

    static string Short(string value) => value.Length == HashDigits && value.All(char.IsAsciiHexDigitLower) ? value[..ShortDigits] : value;
}

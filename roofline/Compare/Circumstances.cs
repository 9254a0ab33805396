namespace MlPerfEdu.Roofline.Compare;

/// <summary>What two runs had in common, which decides which of their measurements can be compared.</summary>
sealed record Circumstances(
    IReadOnlyList<Difference> Machine, IReadOnlyList<Difference> Libraries, IReadOnlyList<Difference> Data,
    IReadOnlyList<Difference> Recipe, IReadOnlyList<Difference> Source)
{
    const string Threads = "threads";
    const string MachineName = "machine";
    static readonly string[] PrecisionSettings = ["recipe.Precision", "precision"];

    /// <summary>Absent when times of the two runs can be compared.</summary>
    public string? TimesDifferBecause => Another(Machine);

    /// <summary>Absent when the same verdicts apply to both runs: those of a machine class.</summary>
    public string? RegimesDifferBecause => Another(Machine.Where(difference => difference.Name != MachineName));

    /// <summary>Absent when both runs must have had the same losses.</summary>
    public string? LossesMayDifferBecause => Another([.. Machine, .. Libraries, .. Data, .. Recipe]);

    /// <summary>Absent when both runs had the same quality target.</summary>
    public string? QualityDiffersBecause => Another(Data);

    public static Circumstances Of(EvidenceRecord before, EvidenceRecord after) => Of(
        before, after,
        [
            .. Difference.Of("data set", before.Data.Dataset, after.Data.Dataset),
            .. Difference.Of("data tier", before.Data.Tier, after.Data.Tier),
            .. Difference.Of("content of ", before.Data.Files, after.Data.Files),
        ],
        Difference.Of("seed", $"{before.Seed}", $"{after.Seed}"));

    public static Circumstances Of(ExperimentRecord before, ExperimentRecord after) => Of(before, after, [], []);

    static Circumstances Of(
        IRunRecord before, IRunRecord after, IReadOnlyList<Difference> data, IEnumerable<Difference> seed) => new(
        [
            .. Difference.Of("machine class", before.Machine.Class, after.Machine.Class),
            .. Difference.Of(MachineName, Described(before.Machine), Described(after.Machine)),
            .. Difference.Of("number of threads", ThreadsOf(before), ThreadsOf(after)),
        ],
        [.. Difference.Of("version of ", LibrariesOf(before), LibrariesOf(after))],
        data,
        [.. Difference.Of("", SettingsOf(before), SettingsOf(after)), .. seed],
        [
            .. Difference.Of("entry in workloads.yaml", before.Subject.EntrySha256, after.Subject.EntrySha256),
            .. Difference.Of("commit", Commit(before.Source), Commit(after.Source)),
        ]);

    public IEnumerable<Change> Changes()
    {
        Difference[] all = [.. Machine, .. Libraries, .. Data, .. Recipe, .. Source];
        return all.Length == 0
            ? [new Change("circumstances", ChangeKind.Same, "same machine, threads, libraries, data, settings, seed and commit")]
            : all.Select(difference => new Change(difference.Name, ChangeKind.Different, difference.ToString()));
    }

    static string? Another(IEnumerable<Difference> differences) =>
        string.Join(", ", differences.Select(difference => difference.Name)) is { Length: > 0 } names ? $"another {names}" : null;

    // Evidence from before there was a choice has none.
    static Dictionary<string, string> SettingsOf(IRunRecord record)
    {
        var settings = new Dictionary<string, string>(record.Settings, StringComparer.Ordinal);
        foreach (var name in PrecisionSettings) settings.TryAdd(name, Precision.Fp32.Name());
        return settings;
    }

    static string Described(MachineRecord machine) => $"{machine.Facts.CpuModel}, {machine.Fingerprint[..Difference.ShortDigits]}";

    static string ThreadsOf(IRunRecord record) =>
        record.Versions.GetValueOrDefault(Threads, record is EvidenceRecord { Peaks.Threads: var threads } ? $"{threads}" : "unknown");

    static Dictionary<string, string> LibrariesOf(IRunRecord record) =>
        record.Versions.Where(version => version.Key != Threads).ToDictionary(version => version.Key, version => version.Value);

    static string Commit(SourceState source) => source.Commit[..Math.Min(Difference.ShortDigits, source.Commit.Length)]
        + (source.Dirty == true ? " with uncommitted changes" : "");
}

/// <summary>A stated value that differs between the runs; hashes are cut to their first digits.</summary>
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

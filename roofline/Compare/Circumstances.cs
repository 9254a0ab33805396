using MlPerfEdu.Roofline.Evidence;

namespace MlPerfEdu.Roofline.Compare;

/// <summary>What two runs had in common, and so which of their results can be compared.</summary>
sealed record Circumstances(
    IReadOnlyList<Difference> Machine, IReadOnlyList<Difference> Libraries, IReadOnlyList<Difference> Data,
    IReadOnlyList<Difference> Recipe, IReadOnlyList<Difference> Source)
{
    const string Threads = "threads";
    const string MachineName = "machine";

    /// <summary>Absent when times of the two runs can be compared.</summary>
    public string? TimesDifferBecause => Machine.Count > 0 ? $"another {Names(Machine)}" : null;

    /// <summary>Absent when both runs are held to the same verdicts: those of a machine class.</summary>
    public string? RegimesDifferBecause =>
        Machine.Where(difference => difference.Name != MachineName).ToArray() is { Length: > 0 } others ? $"another {Names(others)}" : null;

    /// <summary>Absent when both runs must have had the same losses.</summary>
    public string? LossesMayDifferBecause =>
        Machine.Concat(Libraries).Concat(Data).Concat(Recipe).ToArray() is { Length: > 0 } differences
            ? $"another {Names(differences)}"
            : null;

    /// <summary>Absent when both runs were asked for the same quality.</summary>
    public string? QualityDiffersBecause => Data.Count > 0 ? $"another {Names(Data)}" : null;

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
        [.. Difference.Of("", before.Settings, after.Settings), .. seed],
        [
            .. Difference.Of("entry in workloads.yaml", before.Subject.EntrySha256, after.Subject.EntrySha256),
            .. Difference.Of("commit", Commit(before.Source), Commit(after.Source)),
        ]);

    public IEnumerable<Change> Changes()
    {
        var all = Machine.Concat(Libraries).Concat(Data).Concat(Recipe).Concat(Source).ToArray();
        return all.Length == 0
            ? [new Change("circumstances", ChangeKind.Same, "same machine, threads, libraries, data, settings, seed and commit")]
            : all.Select(difference => new Change(difference.Name, ChangeKind.Different, difference.ToString()));
    }

    static string Names(IEnumerable<Difference> differences) => string.Join(", ", differences.Select(difference => difference.Name));

    static string Described(MachineRecord machine) => $"{machine.Facts.CpuModel}, {machine.Fingerprint[..Difference.ShortDigits]}";

    static string ThreadsOf(IRunRecord record) =>
        record.Versions.GetValueOrDefault(Threads, record is EvidenceRecord { Peaks.Threads: var threads } ? $"{threads}" : "unknown");

    static Dictionary<string, string> LibrariesOf(IRunRecord record) =>
        record.Versions.Where(version => version.Key != Threads).ToDictionary(version => version.Key, version => version.Value);

    static string Commit(SourceState source) => source.Commit[..Math.Min(Difference.ShortDigits, source.Commit.Length)]
        + (source.Dirty == true ? " with uncommitted changes" : "");
}

using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using MlPerfEdu.Engine.Trust;
using MlPerfEdu.Roofline.Evidence;
using Xunit.Abstractions;

namespace MlPerfEdu.Workloads.Tests.Trust;

/// <summary>A thousand edits of committed sidecars, sealed again: whatever touches a field that can be derived is refused by that field's name.</summary>
public sealed partial class ForgeryTests(ITestOutputHelper output) : IDisposable
{
    const int Forgeries = 1000, Forgers = 20, MostBytes = 85_000;

    // What decides which entry it is: with another one, nothing can be derived, and the sidecar is no more than sealed.
    static readonly string[] Identity = ["workload.id", "workload.entry_sha256", "experiment.id", "experiment.entry_sha256"];

    readonly string folder = Directory.CreateTempSubdirectory("mlperfedu-forgeries-").FullName;

    [Fact]
    public void Every_edit_of_a_field_that_can_be_derived_is_refused_by_its_name()
    {
        List<string> sidecars = [.. Committed.Paths.Where(path => new FileInfo(path).Length < MostBytes)];
        var (check, believed, kinds) = (new TrustCheck(ThisClone.Catalog), new ConcurrentBag<string>(), new ConcurrentDictionary<string, int>());
        Parallel.For(0, Forgers, forger =>
        {
            var own = Directory.CreateDirectory(Path.Combine(folder, $"{forger}")).FullName;
            var forging = new Forger(forger, own);
            for (var done = 0; done < Forgeries / Forgers;)
            {
                var sidecar = sidecars[(forger + done * 7) % sidecars.Count];
                if (forging.Forge(sidecar) is not { } forgery) continue;
                done++;
                var (record, verdict) = check.Of(forgery.Path);
                Look(forgery, record, verdict);
            }
        });
        output.WriteLine($"{Forgeries} forgeries of {sidecars.Count} sidecars: {string.Join(", ", kinds.OrderBy(kind => kind.Key).Select(kind => $"{kind.Value} {kind.Key}"))}.");
        output.WriteLine($"Believed, so only a replay can find them, or nothing: {string.Join(", ", believed.Distinct().Order(StringComparer.Ordinal))}.");
        Assert.Equal(Forgeries, kinds.Values.Sum());
        // How many depends on which sidecars are small: 481 to 560 were seen.
        Assert.True(kinds["refused by the field's name"] > Forgeries * 2 / 5, $"only {kinds["refused by the field's name"]} refused by name");

        void Look(Forgery forgery, IRunRecord? record, TrustVerdict verdict)
        {
            var fields = forgery.Fields.Select(field => Named(field, record)).ToList();
            if (fields.Any(field => Identity.Contains(field)) && !verdict.Findings.Any(finding => finding.BreaksSeal))
            {
                Assert.True(verdict is { Level: TrustLevel.Sealed, Limit: not null }, $"{string.Join(", ", fields)}: {verdict.Level}");
                Count("of another entry, no more than sealed");
                return;
            }
            var derivable = fields.Where(field => !verdict.Claimed.Any(claimed => IsWithin(Index().Replace(field, "[*]"), claimed))).ToList();
            // Nothing is claimed of a file whose text is not its own.
            if (verdict.Level == TrustLevel.Refused) derivable = [];
            foreach (var field in derivable)
                Assert.True(verdict.Findings.Any(finding => IsWithin(field, finding.Field) || IsWithin(finding.Field, field)),
                    $"{forgery.Path}: {field} was edited, found was {string.Join(" | ", verdict.Findings.DefaultIfEmpty())}");
            // Of a text that is not its own, every edited field is named: quality.target.met, a sum, a hash.
            if (verdict.Findings.Any(finding => finding.Code == "MLP3003"))
                Assert.All(fields, field => Assert.Contains(verdict.Findings, finding => IsWithin(field, finding.Field) || IsWithin(finding.Field, field)));
            if (verdict.Level == TrustLevel.Refused)
                Assert.Contains(fields, field => verdict.Findings.Any(finding => IsWithin(field, finding.Field) || IsWithin(finding.Field, field)));
            if (verdict.Holds)
                fields.ForEach(field => believed.Add(Index().Replace(field, "[*]")));
            Count(derivable.Count > 0 || verdict.Level == TrustLevel.Refused ? "refused by the field's name" : verdict.Holds ? "believed" : "refused by what follows from the field");
        }

        void Count(string kind) => kinds.AddOrUpdate(kind, 1, (_, count) => count + 1);
    }

    // Findings name a line of validity by its constraint.
    static string Named(string field, IRunRecord? record)
    {
        var line = ValidityLine().Match(field);
        return line.Success && record is EvidenceRecord run ? $"validity[{run.Validity[int.Parse(line.Groups[1].Value)].Constraint}]" : field;
    }

    static bool IsWithin(string field, string part) => part.Length > 0 && field.StartsWith(part, StringComparison.Ordinal)
        && (field.Length == part.Length || field[part.Length] is '.' or '[' || part[^1] is ']');

    [GeneratedRegex(@"\[\d+\]")]
    private static partial Regex Index();

    [GeneratedRegex(@"\Avalidity\[(\d+)\]")]
    private static partial Regex ValidityLine();

    public void Dispose() => Directory.Delete(folder, recursive: true);
}

/// <summary>The committed sidecars of this clone.</summary>
static class Committed
{
    public static IReadOnlyList<string> Paths { get; } = [.. Directory
        .EnumerateFiles(ThisClone.Repository.BaselinesFolder, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    public static string Of(string id) => Paths.Single(path => Path.GetFileName(path).StartsWith($"{id}_", StringComparison.Ordinal));
}

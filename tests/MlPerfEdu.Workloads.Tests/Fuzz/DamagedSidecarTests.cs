using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MlPerfEdu.Cli;
using MlPerfEdu.Cli.Commands;
using MlPerfEdu.Engine;
using MlPerfEdu.Engine.Trust;
using MlPerfEdu.Fuzz;
using MlPerfEdu.Roofline;
using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Workloads.Tests.Cli;
using MlPerfEdu.Workloads.Tests.Trust;

namespace MlPerfEdu.Workloads.Tests.Fuzz;

/// <summary>
/// Sidecars whose bytes are damaged, and sidecars that were changed and sealed again: `verify` says what is wrong with each, and whatever holds
/// can be shown, compared, drawn and reported.
/// </summary>
public sealed class DamagedSidecarTests(ITestOutputHelper output) : IDisposable
{
    const int LargestBytes = 110_000, RefusedOnesThatAreShown = 120, PageOfOnesShown = 6;

    static readonly string[] Sidecars = [.. Committed.Paths.Where(path => new FileInfo(path).Length < LargestBytes)];
    static readonly int[] Expected = [(int)ExitCode.Ok, (int)ExitCode.Failed, (int)ExitCode.Usage];

    readonly string folder = Directory.CreateTempSubdirectory("mlperfedu-sidecars-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Damage_is_found_and_what_holds_can_be_shown()
    {
        var (check, shown) = (new TrustCheck(ThisClone.Catalog), 0);
        Fuzzing.Try(120, output, number =>
        {
            var original = Sidecars[number % Sidecars.Length];
            var own = Path.Combine(folder, $"{number}");
            var path = number % 3 == 0 ? Damaged(original, number, own) : Sealed(original, number, own);
            var (_, verdict) = check.Of(path);
            Assert.NotEmpty(JsonSerializer.Serialize(new VerifiedSidecar(verdict).Document()));
            Assert.All(verdict.Findings, finding => Assert.Matches(@"^MLP3\d\d\d\z", finding.Code));
            if (verdict.Holds || number % RefusedOnesThatAreShown == 0)
            {
                Show(original, path, own, withPage: Interlocked.Increment(ref shown) % PageOfOnesShown == 1);
            }
            Directory.Delete(own, recursive: true);
        });
        output.WriteLine($"{shown} of them were shown, compared, drawn and reported");
    }

    static string Damaged(string original, int number, string own)
    {
        Directory.CreateDirectory(own);
        var path = Path.Combine(own, Path.GetFileName(original));
        File.WriteAllBytes(path, ByteMutation.Of(File.ReadAllBytes(original), number));
        return path;
    }

    // What is no document any more stays unsealed.
    static string Sealed(string original, int number, string own)
    {
        Directory.CreateDirectory(own);
        var changed = JsonMutation.Of(JsonNode.Parse(File.ReadAllBytes(original))!, number);
        var text = Encoding.UTF8.GetBytes(changed.ToJsonString());
        try
        {
            return changed["experiment"] is null ? Write(CanonicalJson.Deserialize<EvidenceRecord>(text)) : Write(CanonicalJson.Deserialize<ExperimentRecord>(text));
        }
        catch (Exception error) when (error is JsonException or ArgumentException or InvalidOperationException)
        {
            var path = Path.Combine(own, Path.GetFileName(original));
            File.WriteAllBytes(path, text);
            return path;
        }

        string Write<T>(T record)
            where T : ISidecar, ISealed<T>
        {
            var sealedRecord = ContentHash.Seal(record);
            // A name that is no file name is the forger's own trouble.
            var path = Path.Combine(own, $"{sealedRecord.Id}_{sealedRecord.MeasuredAt}".All(unit => char.IsAsciiLetterOrDigit(unit) || unit is '-' or '_')
                ? EvidenceFile.Name(sealedRecord)
                : Path.GetFileName(original));
            File.WriteAllBytes(path, CanonicalJson.Serialize(sealedRecord));
            return path;
        }
    }

    static void Show(string original, string path, string own, bool withPage)
    {
        var repository = new Repository(Path.Combine(own, "clone"));
        foreach (var file in new[] { "MlPerfEdu.sln", "README.md", "RESULTS.md", "workloads/workloads.yaml", "workloads/datasets.yaml", "workloads/Serving/README.md" })
            Copy(ThisClone.Repository.Root, file, repository.Root);
        Copy(ThisClone.Repository.Root, ThisClone.Repository.Relative(original), repository.Root);
        var run = Path.Combine(repository.NewEvidenceFolder, Path.GetFileName(path));
        Directory.CreateDirectory(repository.NewEvidenceFolder);
        File.Copy(path, run);
        var id = Path.GetFileName(original).Split('_')[0];
        string[][] commands =
        [
            ["verify", run], ["verify", run, "--json"], ["show", id], ["show", id, "--json"], ["diff", original, run], ["diff", run, original, "--json"], ["diff", original, run, "--table"],
            ["plot", run], ["report"], ["report", "--markdown"],
            // The slowest of them.
            .. withPage ? new string[][] { ["report", "--html", Path.Combine(own, "page.html")] } : [],
        ];
        foreach (var command in commands)
        {
            var answer = Answer.To(repository, command, variables: new() { ["MLPERFEDU_CACHE"] = Path.Combine(own, "cache") });
            Assert.True(Expected.Contains(answer.Exit) && !answer.Error.Contains("our bug", StringComparison.Ordinal), $"{string.Join(' ', command)}: {answer.Exit}\n{answer.Error}");
        }
    }

    static void Copy(string from, string relative, string to)
    {
        var target = Path.Combine(to, relative);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        File.Copy(Path.Combine(from, relative), target);
    }
}

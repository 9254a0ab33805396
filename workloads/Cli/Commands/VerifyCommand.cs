using MlPerfEdu.Engine.Trust;

namespace MlPerfEdu.Cli.Commands;

sealed class VerifyCommand() : CliCommand(
    "verify", "Derive a sidecar again from its entry and its raw facts, check all hashes, and say how far to believe it.",
    new("verify", "All committed and new sidecars, and the regime blocks of workloads.yaml."),
    new("verify artifacts/evidence", "Only the sidecars of one folder."),
    new("verify --replay SIDECAR", "Also repeat its training from its seed, and compare every bit."),
    new("verify --replay-steps 64 SIDECAR", "Only the first 64 steps of it: a quick look."),
    new("verify evidence --provenance attestation.json", "Also whether a workflow's build provenance names these very files."))
{
    readonly Argument<string[]> paths = ManyValues(
        "PATH", "Sidecars, or folders of them; by default all sidecars of the clone, and the regime blocks of workloads.yaml");
    readonly Option<bool> replay = new("--replay")
        { Description = "Run each again from its seed with its settings, and compare losses and scores: bit for bit on a machine of the same class" };
    readonly Option<int?> replaySteps = WholeNumber(new Option<int?>("--replay-steps")
        { Description = "Repeat only so many first steps; this raises no level", HelpName = "N" }, 1);

    readonly Option<string?> provenance = new("--provenance")
        { Description = "Compare the files with the digests in this file of Sigstore bundles; no network", HelpName = "FILE" };

    protected override IReadOnlyList<Symbol> Inputs => [paths, replay, replaySteps, provenance];

    protected override ExitCode Execute(ParseResult parse, Invocation invocation)
    {
        var paths = parse.GetValue(this.paths)!;
        var evidence = invocation.Evidence;
        long? steps = parse.GetValue(replaySteps);
        var replaying = parse.GetValue(replay) || steps is not null;
        if (replaying && paths.Length == 0)
            throw CliErrors.NothingToReplay();
        List<string> sidecars = paths.Length == 0
            ? [.. evidence.Baselines.Concat(evidence.Runs).Select(sidecar => sidecar.Path)]
            : [.. paths.SelectMany(Below)];
        List<VerifiedSidecar> verified = replaying
            ? [.. sidecars.Select(path => Replayed(path, steps, invocation))]
            : [.. sidecars.AsParallel().AsOrdered().WithCancellation(invocation.Stop).Select(path => new VerifiedSidecar(evidence.Verify(path).Verdict))];
        var findings = verified.SelectMany(sidecar => sidecar.Findings).ToList();
        if (paths.Length == 0)
            findings.AddRange(new BaselineCheck(invocation.Repository, invocation.Catalog).Run().Except(findings));

        var origin = parse.GetValue(provenance) is { } file ? Origin.Of(file, sidecars) : null;
        findings.AddRange(origin?.Findings ?? []);

        var failed = findings.Any(finding => finding.Fails);
        invocation.Answer(
            new { Checked = sidecars, Findings = findings, Sidecars = verified.Select(sidecar => sidecar.Document()), Passed = !failed, Provenance = origin?.Document },
            screen =>
            {
                foreach (var finding in findings)
                    screen.Line($"{(finding.Fails ? "error" : "remark")} {finding.Code}: {finding.Message}", finding.Fails ? Tone.Bad : Tone.Warning);
                foreach (var sidecar in verified)
                    screen.Line(sidecar.Line(invocation.Repository), sidecar.Verdict.Holds ? Tone.Plain : Tone.Bad);
                foreach (var alike in verified.Where(sidecar => sidecar.Verdict.Claimed.Count > 0).GroupBy(sidecar => string.Join(", ", sidecar.ClaimedInShort)))
                    screen.Line($"Claimed, as nothing here gives it again ({Plural(alike.Count(), "sidecar")}): {alike.Key}.", Tone.Faint);
                var verdict = failed ? "FAILED" : "all hold";
                origin?.Draw(screen);
                screen.Line($"{Plural(sidecars.Count, "sidecar")} checked: {verdict}.", failed ? Tone.Bad : Tone.Good);
            });
        return failed ? ExitCode.Failed : ExitCode.Ok;
    }

    static VerifiedSidecar Replayed(string path, long? steps, Invocation invocation)
    {
        var (record, verdict) = invocation.Evidence.Verify(path);
        if (!verdict.Holds)
            return new(verdict);
        if (Replay.Obstacle(record, verdict, steps) is { } obstacle)
            throw CliErrors.NotReplayable(path, obstacle);
        var replay = new Replay(invocation.Catalog, invocation.Services.Repeater(invocation.Repository, invocation.Catalog));
        var run = (EvidenceRecord)record!;
        var result = invocation.Track(
            run.Workload.Id, progress => replay.Of(path, run, steps, invocation.Repository.NewEvidenceFolder, progress, invocation.Stop));
        return new(verdict.With(result), result);
    }

    static string Plural(int count, string noun) => $"{count} {noun}{(count == 1 ? "" : "s")}";

    static IEnumerable<string> Below(string path) => Directory.Exists(path)
        ? EvidenceStore.Below(path).Select(sidecar => sidecar.Path)
        : File.Exists(path) ? [path] : throw CliErrors.NoSuchPath(path);
}

/// <summary>One sidecar, how far it can be believed, and what its replay led to where there was one.</summary>
sealed record VerifiedSidecar(TrustVerdict Verdict, ReplayVerdict? Replay = null)
{
    public IEnumerable<VerifyFinding> Findings => Verdict.Findings.Select(VerifyFinding.Of);

    // The metrics and invariants of each workload have names of their own.
    public IEnumerable<string> ClaimedInShort => Verdict.Claimed
        .Select(claimed => claimed.StartsWith("quality.metrics.", StringComparison.Ordinal) ? "quality.metrics"
            : claimed.StartsWith("validity[", StringComparison.Ordinal) ? "validity (invariants)" : claimed)
        .Distinct();

    public object Document() => new
    {
        Sidecar = Verdict.Path, Level = Verdict.Level.Name(), Verdict.Holds, Verdict.Limit, Verdict.Claimed,
        Replay = Replay is null ? null : new { Replay.How, Replay.BitForBit, Replay.Whole, Matches = Replay.Findings.Count == 0 },
    };

    public string Line(Repository repository)
    {
        var remarks = new[] { Verdict.Limit, Replay?.How, Verdict.Holds ? null : $"{Verdict.Findings.Count} found" }.OfType<string>().ToList();
        return $"{Verdict.Level.Name(),-10} {repository.Relative(Verdict.Path)}{(remarks.Count == 0 ? "" : $" ({string.Join("; ", remarks)})")}";
    }
}

/// <param name="Fails">False for a remark that leaves everything valid.</param>
sealed record VerifyFinding(string Code, string Message, bool Fails)
{
    /// <summary>The path of the field in the sidecar; empty when it is the whole file.</summary>
    public string Field { get; init; } = "";

    public static VerifyFinding Of(EvidenceFinding finding) => new(finding.Code, finding.Message, Fails: true) { Field = finding.Field };
}

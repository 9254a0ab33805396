using System.Text.Json.Serialization;

namespace MlPerfEdu.Cli.Commands;

sealed class AcceptCommand() : CliCommand(
    "accept", "Make evidence of this machine class the committed baseline: sidecar, snapshots, and a workload's regime block.",
    new("accept anomaly-ae-train", "The newest run that passed; review the change with `git diff`."),
    new("accept anomaly-ae-train --evidence artifacts/evidence/anomaly-ae-train_2026-01-31T12-00-00Z_0123456789ab.json", "The run in this sidecar."))
{
    readonly Argument<string> id = OneValue("ID", "The workload or experiment");
    readonly Option<string?> evidence = new("--evidence")
        { Description = "Accept this sidecar instead of the newest passing one in artifacts/evidence", HelpName = "PATH" };
    readonly Option<bool> force = new("--force") { Description = "Accept even if a verdict failed, an axis is unmeasured, or the baseline's data were better" };

    protected override IReadOnlyList<Symbol> Inputs => [id, evidence, force];

    protected override ExitCode Execute(ParseResult parse, Invocation invocation)
    {
        var repository = invocation.Repository;
        var entry = invocation.Entry(parse.GetValue(id)!);
        var force = parse.GetValue(this.force);
        var (path, record) = parse.GetValue(evidence) is { } named
            ? Named(Path.GetFullPath(named), entry, force, invocation)
            : Newest(entry, force, invocation);
        var overridden = Failed(record);
        if (Weakened(record, invocation) is { } kept)
        {
            var data = ((EvidenceRecord)record).Data;
            overridden = force ? [.. overridden, $"{data.Dataset} ({data.Tier}) is put over {kept.Dataset} ({kept.Tier})"] : throw CliErrors.WeakerData(path, data, kept);
        }
        foreach (var reason in overridden)
            invocation.Log.Line($"warning: accepted by --force although {reason}", Tone.Warning);

        var done = new List<AcceptStep>();
        foreach (var step in new AcceptPlan(repository, entry, path, record).Steps())
        {
            invocation.Stop.ThrowIfCancellationRequested();
            step.Run();
            done.Add(step);
        }
        invocation.Answer(
            new { entry.Id, MachineClass = record.Machine.Class, Evidence = repository.Relative(path), Forced = overridden, Changes = done },
            screen =>
            {
                foreach (var step in done)
                    screen.Line($"{step.Action,-6} {step.Path}");
                var what = record is EvidenceRecord run ? Describe.Regime(run) : "this run";
                screen.Line($"{entry.Id}: {what} is the baseline on {record.Machine.Class}. Review it with `git diff` and commit it.", Tone.Good);
            });
        return ExitCode.Ok;
    }

    /// <summary>The newest run of this entry, as it is now, on this machine class; without <paramref name="force"/> one that passed.</summary>
    static (string Path, IRunRecord Record) Newest(CatalogEntry entry, bool force, Invocation invocation) =>
        invocation.Evidence.NewestRun(entry.Id, record => record.Machine.Class == invocation.MachineClass
            && record.Subject.EntrySha256 == entry.Sha256 && (force || Failed(record).Count == 0))
        ?? throw CliErrors.NoEvidence(entry.Id, invocation.MachineClass);

    static (string Path, IRunRecord Record) Named(string path, CatalogEntry entry, bool force, Invocation invocation)
    {
        if (!File.Exists(path))
            throw CliErrors.NoSuchPath(path);
        var record = Verified(path, invocation.Evidence);
        if (record.Subject.Id != entry.Id)
            throw CliErrors.OtherWorkload(path, record.Subject.Id, entry.Id);
        if (record.Subject.EntrySha256 != entry.Sha256)
            throw CliErrors.OtherEntry(path, entry.Id);
        if (record.Machine.Class != invocation.MachineClass)
            throw CliErrors.OtherMachineClass(path, record.Machine.Class, invocation.MachineClass);
        if (!force && Failed(record) is { Count: > 0 } failed)
            throw CliErrors.VerdictFailed(path, failed);
        return (path, record);
    }

    static readonly string[] TiersFromWeakest = ["embedded", "proxy", "part", "real"];

    /// <summary>The data of the baseline that it would replace, where that is nearer to the real thing.</summary>
    static DataUse? Weakened(IRunRecord record, Invocation invocation) =>
        record is EvidenceRecord run && invocation.Evidence.Baseline(run.Workload.Id, run.Machine.Class)?.Data is { } kept
            && Array.IndexOf(TiersFromWeakest, run.Data.Tier) < Array.IndexOf(TiersFromWeakest, kept.Tier)
            ? kept
            : null;

    /// <summary>Its failed verdicts and unmeasured axes; --force overrides these and nothing else.</summary>
    static IReadOnlyList<string> Failed(IRunRecord record) => record is ExperimentRecord experiment
        ? [.. experiment.Checks.Where(check => !check.Met).Select(check => check.ToString()), .. TooMuch(experiment)]
        : Failed((EvidenceRecord)record);

    static IEnumerable<string> TooMuch(ExperimentRecord record) => record.MemoryHolds ? [] : [record.Budget!.TooMuch(record.PeakMemoryBytes)];

    static IReadOnlyList<string> Failed(EvidenceRecord record) =>
    [
        .. record.Validity.Where(line => !line.Met).Select(line => line.ToString()),
        .. record.Regimes.All.Where(verdict => verdict.Value == RegimeValue.Unmeasured).Select(verdict => $"{verdict.Axis.Name()} is unmeasured"),
    ];

    static IRunRecord Verified(string path, EvidenceStore evidence)
    {
        try
        {
            return evidence.Read(path);
        }
        catch (EvidenceException untrusted)
        {
            throw CliErrors.EvidenceDoesNotVerify(path, untrusted.Findings.Select(finding => finding.ToString()));
        }
    }
}

/// <summary>
/// Everything that makes one sidecar the baseline, in an order that may stop anywhere: a sidecar that no block names yet does no harm,
/// workloads.yaml names the new one only once it is there, and the old one goes last. Accepting again finishes a stopped plan.
/// </summary>
sealed class AcceptPlan(Repository repository, CatalogEntry entry, string sidecar, IRunRecord evidence)
{
    /// <summary>As Verify writes snapshots.</summary>
    static readonly UTF8Encoding SnapshotEncoding = new(encoderShouldEmitUTF8Identifier: true);

    public IEnumerable<AcceptStep> Steps()
    {
        var baseline = Path.Combine(repository.EvidenceFolder(evidence.Machine.Class), EvidenceFile.Name(evidence));
        yield return Write("write", baseline, File.ReadAllBytes(sidecar));

        foreach (var snapshot in SnapshotTexts())
            yield return Write("write", snapshot.File, SnapshotBytes(snapshot.Text));

        // An experiment has no regime that workloads.yaml could state. Read at its turn, so that an edit made meanwhile is kept.
        if (evidence is EvidenceRecord run)
            yield return new("sync", repository.Relative(repository.WorkloadsYaml), () => Sync(BaselineBlock.Of(run)));

        foreach (var old in EvidenceStore.Below(Path.GetDirectoryName(baseline)!).Where(other => other.Id == entry.Id && other.Path != baseline))
            yield return new("delete", repository.Relative(old.Path), () => File.Delete(old.Path));
    }

    /// <summary>The snapshots that a test makes once workloads.yaml has the new block.</summary>
    IReadOnlyList<Snapshot> SnapshotTexts()
    {
        if (evidence is ExperimentRecord record)
        {
            var experiment = (ExperimentEntry)entry;
            return [Snapshots.Of(repository, experiment, ExperimentRunner.Derive(experiment, record)!.Portable)];
        }
        var (model, run) = ((ModelEntry)entry, (EvidenceRecord)evidence);
        var regimes = new Dictionary<string, RegimeBlock>(model.Regimes) { [run.Machine.Class] = BaselineBlock.Of(run) };
        return Snapshots.Of(repository, model with { Regimes = regimes }, run);
    }

    AcceptStep Write(string action, string path, byte[] content) =>
        new(action, repository.Relative(path), () => AtomicFile.Write(path, content));
    static byte[] SnapshotBytes(string text) => [.. SnapshotEncoding.Preamble, .. SnapshotEncoding.GetBytes(text.ReplaceLineEndings("\n"))];

    void Sync(RegimeBlock block)
    {
        var bytes = File.ReadAllBytes(repository.WorkloadsYaml);
        // Decoded with its mark, if it has one, so that it is written back.
        var before = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
        var after = RegimeBlockWriter.Replace(before, entry.Id, evidence.Machine.Class, block);
        if (after != before)
            AtomicFile.Write(repository.WorkloadsYaml, new UTF8Encoding(false).GetBytes(after));
    }
}

/// <summary>One file that is written, replaced or deleted atomically.</summary>
/// <param name="Path">From the root of the clone.</param>
sealed record AcceptStep(string Action, string Path, [property: JsonIgnore] Action Run);

/// <summary>What workloads.yaml says of a sidecar that is a baseline.</summary>
static class BaselineBlock
{
    public static RegimeBlock Of(EvidenceRecord evidence) => new(
        Axis(evidence.Regimes.WorkingSet, evidence.Count.UniqueBytes),
        Axis(evidence.Regimes.ArithmeticIntensity, Rounded(evidence.Count.FlopsPerByte)),
        Axis(evidence.Regimes.Dispatch, Rounded(evidence.Regimes.Dispatch.Measured?.Middle ?? 0)),
        $"roofline/evidence/{evidence.Machine.Class}/{EvidenceFile.Name(evidence)}",
        evidence.ContentSha256,
        evidence.MeasuredAt);

    static AxisBaseline Axis(RegimeVerdict verdict, double number) => new(verdict.Value.Name(), number);

    // The sidecar has every digit.
    static double Rounded(double value) => Math.Round(value, 4);
}

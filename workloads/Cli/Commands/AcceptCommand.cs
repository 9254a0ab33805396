using System.CommandLine;
using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Workloads.Cli.Accept;
using MlPerfEdu.Workloads.Cli.Output;

namespace MlPerfEdu.Workloads.Cli.Commands;

sealed class AcceptCommand : CliCommand
{
    readonly Argument<string> _id = OneValue("ID", "The workload or experiment");
    readonly Option<string?> _evidence = new("--evidence") { Description = "This sidecar, not the newest passing one of artifacts/evidence", HelpName = "PATH" };
    readonly Option<bool> _force = new("--force") { Description = "Accept although a verdict failed or an axis is unmeasured" };

    public AcceptCommand()
        : base("accept", "Make evidence of this machine class the committed baseline: sidecar, snapshots, and a workload's regime block.",
            new("accept anomaly-ae-train", "The newest run that passed; review the change with `git diff`."),
            new("accept anomaly-ae-train --evidence artifacts/evidence/anomaly-ae-train_2026-01-31T12-00-00Z_0123456789ab.json", "A certain one."))
    {
        Add(_id);
        Add(_evidence);
        Add(_force);
    }

    protected override ExitCode Execute(ParseResult parse, Session session)
    {
        var entry = session.Entry(parse.GetValue(_id)!);
        var force = parse.GetValue(_force);
        var acceptable = new AcceptableEvidence(session, entry);
        var (path, record) = parse.GetValue(_evidence) is { } named ? acceptable.Named(Path.GetFullPath(named), force) : acceptable.Newest(force);
        var overridden = AcceptableEvidence.Failed(record);
        foreach (var reason in overridden)
            session.Log.Line($"warning: accepted by --force although {reason}", Tone.Warning);

        var done = new List<Done>();
        foreach (var step in new AcceptPlan(session.Repository, entry, path, record).Steps())
        {
            session.Host.Stop.ThrowIfCancellationRequested();
            step.Run();
            done.Add(new(step.Action, step.Path));
        }

        session.Answer(
            new { entry.Id, MachineClass = record.Machine.Class, Evidence = session.Repository.Relative(path), Forced = overridden, Changes = done },
            screen =>
            {
                foreach (var change in done)
                    screen.Line($"{change.Action,-6} {change.Path}");
                var what = record is EvidenceRecord run ? Describe.Regime(run) : "this answer";
                screen.Line($"{entry.Id}: {what} is the baseline on {record.Machine.Class}. Review it with `git diff` and commit it.", Tone.Good);
            });
        return ExitCode.Ok;
    }

    sealed record Done(string Action, string Path);
}

using System.CommandLine;
using MlPerfEdu.Workloads.Cli.Output;
using MlPerfEdu.Workloads.Cli.State;
using MlPerfEdu.Workloads.Cli.Verify;

namespace MlPerfEdu.Workloads.Cli.Commands;

sealed class VerifyCommand : CliCommand
{
    readonly Argument<string[]> _paths = ManyValues("PATH", "Sidecars, or folders of them; without one, all of the clone and what workloads.yaml says of them");

    public VerifyCommand()
        : base("verify", "Derive every verdict of a sidecar again from its samples, and check all hashes.",
            new("verify", "All committed and new sidecars, and the regime blocks of workloads.yaml."),
            new("verify artifacts/evidence", "Only those of a folder."))
    {
        Add(_paths);
    }

    protected override ExitCode Execute(ParseResult parse, Session session)
    {
        var paths = parse.GetValue(_paths)!;
        var shelf = new EvidenceShelf(session.Repository);
        List<string> sidecars = paths.Length == 0
            ? [.. shelf.Baselines.Concat(shelf.New).Select(sidecar => sidecar.Path)]
            : [.. paths.SelectMany(Below)];
        var findings = sidecars.SelectMany(path => ExperimentEvidence.FindingsOfAny(session.Catalog, path)).Select(VerifyFinding.Of).ToList();
        if (paths.Length == 0)
            findings.AddRange(new BaselineCheck(session.Repository, session.Catalog).Run().Except(findings));

        var failed = findings.Any(finding => finding.Fails);
        session.Answer(
            new { Checked = sidecars, Findings = findings, Passed = !failed },
            screen =>
            {
                foreach (var finding in findings)
                    screen.Line($"{(finding.Fails ? "error" : "remark")} {finding.Code}: {finding.Message}", finding.Fails ? Tone.Bad : Tone.Warning);
                screen.Line($"{sidecars.Count} sidecar{(sidecars.Count == 1 ? "" : "s")} checked: {(failed ? "FAILED" : "all hold")}.", failed ? Tone.Bad : Tone.Good);
            });
        return failed ? ExitCode.Failed : ExitCode.Ok;
    }

    static IEnumerable<string> Below(string path) => Directory.Exists(path)
        ? EvidenceShelf.Below(path).Select(sidecar => sidecar.Path)
        : File.Exists(path) ? [path] : throw CliErrors.NoSuchPath(path);
}

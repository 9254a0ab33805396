using System.CommandLine;
using MlPerfEdu.Roofline.Compare;
using MlPerfEdu.Workloads.Cli.Diff;
using MlPerfEdu.Workloads.Cli.Output;

namespace MlPerfEdu.Workloads.Cli.Commands;

sealed class DiffCommand : CliCommand
{
    readonly Argument<string> _before = OneValue(
        "BEFORE", "A sidecar, or a folder of them: the newest of each workload and experiment counts");
    readonly Argument<string> _after = OneValue("AFTER", "The sidecar or folder to compare with it");
    readonly Option<bool> _markdown = new("--markdown") { Description = "Write the same sentences as Markdown" };

    public DiffCommand()
        : base("diff", "Say what changed between two runs, and whether it is more than noise.",
            new("diff roofline/evidence/linux-x64-avx2-llc32m artifacts/evidence", "The newest runs against their baselines."),
            new("diff BEFORE.json AFTER.json --markdown >> \"$GITHUB_STEP_SUMMARY\"", "Two sidecars, in the summary of a job."))
    {
        Add(_before);
        Add(_after);
        Add(_markdown);
    }

    protected override ExitCode Execute(ParseResult parse, Session session)
    {
        var diff = ComparedEvidence.Of(parse.GetValue(_before)!, parse.GetValue(_after)!, session);
        session.Answer(
            new { diff.Pairs, diff.OnlyBefore, diff.OnlyAfter, diff.Worse },
            screen => Draw(screen, diff, parse.GetValue(_markdown)));
        return diff.Worse ? ExitCode.Failed : ExitCode.Ok;
    }

    static void Draw(Screen screen, EvidenceSetDiff diff, bool markdown)
    {
        if (markdown)
        {
            screen.Line(DiffText.Markdown(diff).TrimEnd());
            return;
        }

        foreach (var pair in diff.Pairs)
        {
            screen.Line(DiffText.Headline(pair), pair.Worse ? Tone.Bad : Tone.Good);
            foreach (var (kind, text) in DiffText.Lines(pair))
                screen.Line(text, ToneOf(kind));
            screen.Line();
        }

        foreach (var remark in DiffText.Unpaired(diff))
            screen.Line(remark, Tone.Warning);
    }

    static Tone ToneOf(ChangeKind kind) => kind switch
    {
        ChangeKind.Worse => Tone.Bad,
        ChangeKind.Better => Tone.Good,
        ChangeKind.Unclear => Tone.Warning,
        ChangeKind.Same => Tone.Faint,
        _ => Tone.Plain,
    };
}

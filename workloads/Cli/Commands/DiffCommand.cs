using MlPerfEdu.Roofline.Compare;

namespace MlPerfEdu.Cli.Commands;

sealed class DiffCommand() : CliCommand(
    "diff", "Compare two runs: what changed, and whether the change is more than noise.",
    new("diff roofline/evidence/linux-x64-avx2-llc32m artifacts/evidence", "The newest runs against their baselines."),
    new("diff roofline/evidence/linux-x64-avx2-llc32m artifacts/evidence --table > comment.md", "What a pull request is told."),
    new("diff BEFORE.json AFTER.json --markdown >> \"$GITHUB_STEP_SUMMARY\"", "Two sidecars, in the summary of a job."))
{
    readonly Argument<string> before = OneValue(
        "BEFORE", "A sidecar, or a folder of them: the newest of each workload and experiment counts");
    readonly Argument<string> after = OneValue("AFTER", "The sidecar or folder to compare with it");
    readonly Option<bool> markdown = new("--markdown") { Description = "Write the same text as Markdown" };
    readonly Option<bool> table = new("--table") { Description = "Write one table in Markdown, without what stayed the same: the comment on a pull request" };

    protected override IReadOnlyList<Symbol> Inputs => [before, after, markdown, table];

    protected override ExitCode Execute(ParseResult parse, Invocation invocation)
    {
        var (was, now) = Read(parse.GetValue(before)!, parse.GetValue(after)!, invocation.Evidence);
        var diff = EvidenceSetDiff.Of(was, now, record => invocation.Evidence.Derive(record)?.Compared);
        invocation.Answer(
            new { diff.Pairs, diff.OnlyBefore, diff.OnlyAfter, diff.Worse },
            screen =>
            {
                if (parse.GetValue(table))
                    screen.Line(DiffTable.Markdown(diff, was, now).TrimEnd());
                else
                    Draw(screen, diff, parse.GetValue(markdown));
            });
        return diff.Worse ? ExitCode.Failed : ExitCode.Ok;
    }

    static (IReadOnlyList<IRunRecord> Before, IReadOnlyList<IRunRecord> After) Read(string before, string after, EvidenceStore evidence)
    {
        var (was, now) = (Read(before, evidence), Read(after, evidence));
        var (one, other) = (was[0].Subject.Id, now[0].Subject.Id);
        var (isOneBefore, isOneAfter) = (File.Exists(before), File.Exists(after));
        if (isOneBefore && isOneAfter && one != other)
            throw CliErrors.TwoWorkloads(before, one, after, other);
        // Beside one sidecar, the other workloads of a folder are not asked for.
        if (isOneBefore || isOneAfter)
        {
            var asked = isOneBefore ? one : other;
            (was, now) = ([.. was.Where(record => record.Subject.Id == asked)], [.. now.Where(record => record.Subject.Id == asked)]);
        }
        return (was, now);
    }

    static List<IRunRecord> Read(string path, EvidenceStore evidence)
    {
        if (File.Exists(path))
            return [evidence.Read(path)];
        if (!Directory.Exists(path))
            throw CliErrors.NoSuchPath(path);
        // The newest of each workload and experiment.
        var sidecars = EvidenceStore.Below(path).Where(sidecar => sidecar.Id.Length > 0);
        var newest = sidecars.GroupBy(sidecar => sidecar.Id).Select(group => group.Last()).ToList();
        return newest.Count > 0 ? [.. newest.Select(sidecar => evidence.Read(sidecar.Path))] : throw CliErrors.NoSidecars(path);
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

using MlPerfEdu.Labs;

namespace MlPerfEdu.Cli.Commands;

sealed class LabCommand() : CliCommand(
    "lab", "Ask for a prediction, run a workload, and show both side by side.",
    new("lab", "The labs, and which of them are done."),
    new("lab fits-in-cache", "Ask, run, compare: some minutes."),
    new("lab fits-in-cache --blank > answers.yaml", "A file of answers to fill in."),
    new("lab fits-in-cache --answers answers.yaml", "The same without a dialogue."))
{
    readonly Argument<string> id = OneValue("ID", "The lab; all are listed without one", ArgumentArity.ZeroOrOne);
    readonly Option<string?> answers = new("--answers") { Description = "Take the answers from this file", HelpName = "FILE" };
    readonly Option<bool> blank = new("--blank") { Description = "Print a file of answers to fill in, and run nothing" };
    readonly Option<bool> again = new("--again") { Description = "Answer and run once more; the first answers are the ones that are graded" };

    protected override IReadOnlyList<Symbol> Inputs => [id, answers, blank, again];

    protected override ExitCode Execute(ParseResult parse, Invocation invocation)
    {
        if (parse.GetValue(id) is not { } wanted)
            return List(invocation);
        var lab = invocation.Labs.FirstOrDefault(lab => lab.Id == wanted) ?? throw CliErrors.UnknownLab(wanted, invocation.Labs.Select(lab => lab.Id));
        if (parse.GetValue(blank))
        {
            invocation.Services.Out.Write(LabDialogue.Blank(lab));
            return ExitCode.Ok;
        }
        var done = Done(invocation, lab);
        if (done is { } run && !parse.GetValue(again))
        {
            if (parse.GetValue(answers) is not null)
                throw CliErrors.AnsweredAfterTheRun(lab.Id, invocation.Repository.Relative(run.Path));
            invocation.Log.Line($"This lab was run {run.Record.MeasuredAt}; `mlperfedu lab {lab.Id} --again` runs it once more.", Tone.Faint);
            return Show(invocation, lab, run.Path, run.Record);
        }
        return Run(invocation, lab, parse.GetValue(answers));
    }

    static ExitCode Run(Invocation invocation, Lab lab, string? file)
    {
        // What is wrong with the machine or the file is said before anybody thinks about answers.
        var expected = file is null ? null : Read(file, lab);
        var dialogue = new LabDialogue(lab, invocation);
        if (expected is null)
            expected = dialogue.Ask();
        var prediction = new LabPrediction
        {
            Lab = lab.Id,
            WorkingSet = expected.WorkingSet,
            ArithmeticIntensity = expected.ArithmeticIntensity,
            Dispatch = expected.Dispatch,
            StepSeconds = expected.StepMilliseconds / 1e3,
            DoubledBatch = expected.DoubledBatch,
            Because = expected.Because,
            AnsweredAt = Timestamp.Text(invocation.Services.Clock.GetUtcNow()),
        };
        var options = new RunOptions { Seed = prediction.Seed, Prediction = prediction, EvidenceFolder = invocation.Repository.NewEvidenceFolder };
        invocation.Log.Line($"Answers are kept. Now {lab.Workload.Id} runs with the seed {prediction.Seed}, which follows from them.", Tone.Faint);
        var run = invocation.Services.Runner(invocation.Repository, invocation.Catalog);
        var outcome = invocation.Track(lab.Id, progress => run(lab.Workload, options, progress, invocation.Stop));
        return Show(invocation, lab, outcome.SidecarPath, outcome.Evidence);
    }

    static LabAnswers Read(string file, Lab lab)
    {
        var read = LabAnswersReader.Read(file, lab.Id);
        return read.Content ?? throw CliErrors.CatalogInvalid(read.Diagnostics, "the answers");
    }

    /// <summary>The first run of a lab as it is now: its answers are the ones that count.</summary>
    static (string Path, EvidenceRecord Record)? Done(Invocation invocation, Lab lab)
    {
        foreach (var sidecar in invocation.Evidence.Runs.Where(sidecar => sidecar.Id == lab.Workload.Id))
        {
            try
            {
                if (invocation.Evidence.Read(sidecar.Path) is EvidenceRecord record && record.Prediction?.Lab == lab.Id && record.Workload.EntrySha256 == lab.Workload.Sha256)
                    return (sidecar.Path, record);
            }
            catch (EvidenceException)
            {
                // `verify` names it.
            }
        }
        return null;
    }

    static ExitCode Show(Invocation invocation, Lab lab, string path, EvidenceRecord record)
    {
        var lines = LabReport.Lines(record);
        invocation.Answer(
            new { lab.Id, Workload = lab.Workload.Id, record.Prediction, record.Seed, Lines = lines, record.Quality.Target, record.Quality.Met, Sidecar = path },
            screen =>
            {
                screen.Line($"{lab.Id}: {lab.Title}");
                screen.Line();
                screen.Table(["question", "you said", "measured"], lines, line =>
                    [line.Question, line.Said, new(line.Measured, line.Right ? Tone.Good : Tone.Warning)]);
                screen.Line();
                foreach (var line in lines)
                    screen.Line($"{line.Question}: {line.Sentence}");
                screen.Line();
                if (LabReport.IsBusy(record))
                    screen.Line("Other programs held the cores meanwhile, so the times say little. Your teaching assistant sees that, too.", Tone.Warning);
                screen.Line($"You wrote: {record.Prediction!.Because}");
                screen.Line($"Target: {record.Quality.Target}.", record.Quality.Met ? Tone.Good : Tone.Bad);
                screen.Line($"Hand in: {invocation.Repository.Relative(path)}");
            });
        return ExitCode.Ok;
    }

    static ExitCode List(Invocation invocation)
    {
        var labs = invocation.Labs.Select(lab => (Lab: lab, Done: Done(invocation, lab))).ToList();
        invocation.Answer(
            new { Labs = labs.Select(lab => new { lab.Lab.Id, Workload = lab.Lab.Workload.Id, lab.Lab.Title, Sidecar = lab.Done?.Path }) },
            screen =>
            {
                screen.Table(["lab", "workload", "done", "about"], labs, lab =>
                    [lab.Lab.Id, lab.Lab.Workload.Id, lab.Done is { } run ? new Cell(run.Record.MeasuredAt, Tone.Good) : Describe.None, lab.Lab.Title]);
                screen.Line();
                screen.Line($"Begin with `mlperfedu lab {(labs.FirstOrDefault(lab => lab.Done is null).Lab ?? labs[0].Lab).Id}`.", Tone.Faint);
            });
        return ExitCode.Ok;
    }
}

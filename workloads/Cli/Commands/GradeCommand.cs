using MlPerfEdu.Labs;

namespace MlPerfEdu.Cli.Commands;

sealed class GradeCommand : CliCommand
{
    const string Classroom50 = "classroom50", Gradescope = "gradescope", Csv = "csv";

    readonly Option<string?> rubric = new("--rubric") { Description = "The course's rubric; by default workloads/Labs/grading.yaml", HelpName = "FILE" };
    readonly Option<string> evidence = new("--evidence")
        { Description = "The sidecars of a student, or with csv a folder that has one folder for each student", HelpName = "DIR", Required = true };
    readonly Option<string> format = WithDefault("--format", "classroom50 or gradescope (one submission), or csv (a whole class)", "NAME", Csv);
    readonly Option<string?> provenance = new("--provenance")
        { Description = "Refuse files that this build provenance does not name; its signature is not checked here", HelpName = "FILE" };
    readonly Option<string?> @out = new("--out") { Description = "Write the results to this file instead of the output", HelpName = "FILE" };

    public GradeCommand() : base(
        "grade", "Verify the sidecars that students handed in, and give points by a course's rubric.",
        new("grade --evidence submissions --out grades.csv", "A class: a folder for each student, a line for each criterion."),
        new("grade --rubric grading.yaml --evidence artifacts/evidence --format gradescope", "One submission, as Gradescope's results.json."),
        new("grade --rubric grading.yaml --evidence artifacts/evidence --format classroom50 --out result.json", "In the runner of Classroom 50.")) =>
        format.AcceptOnlyFromAmong(Classroom50, Gradescope, Csv);

    protected override IReadOnlyList<Symbol> Inputs => [rubric, evidence, format, provenance, @out];

    protected override ExitCode Execute(ParseResult parse, Invocation invocation)
    {
        var folder = parse.GetValue(evidence)!;
        if (!Directory.Exists(folder))
            throw CliErrors.NoSuchFolder(folder);
        var format = parse.GetValue(this.format)!;
        var run = format == Classroom50 ? RunOf(invocation) : null;
        var origin = parse.GetValue(provenance) is { } attestation ? Attested(attestation) : null;
        var reader = new SubmissionReader(path => Check(invocation.Evidence, path, origin));
        var submissions = format == Csv ? reader.ReadAll(folder) : [reader.Read(folder)];
        var grades = GraderOf(parse.GetValue(rubric), invocation).Grade(submissions);
        var text = format switch
        {
            Classroom50 => GradeFormats.Classroom50(grades[0], run!),
            Gradescope => GradeFormats.Gradescope(grades[0]),
            _ => GradeFormats.Csv(grades),
        };
        if (parse.GetValue(@out) is { } path)
            AtomicFile.Write(path, Encoding.UTF8.GetBytes(text));
        foreach (var grade in grades)
            invocation.Log.Line($"{grade.Student}: {grade.Points} of {grade.Most} points{Refused(grade)}.", Tone.Faint);
        invocation.Answer(
            new { Grades = grades.Select(grade => new { grade.Student, grade.Points, grade.Most, grade.Rows }) },
            _ =>
            {
                if (parse.GetValue(@out) is null)
                    invocation.Services.Out.Write(text);
            });
        return ExitCode.Ok;
    }

    static string Refused(Grade grade) => grade.Rows.Count(row => row.Criterion == GradeRow.Refused) is > 0 and var count
        ? $", {count} file{(count == 1 ? "" : "s")} refused" : "";

    static Grader GraderOf(string? path, Invocation invocation)
    {
        var labs = invocation.Labs;
        var read = RubricReader.Read(path ?? invocation.Repository.RubricYaml, labs);
        var rubric = read.Content ?? throw CliErrors.CatalogInvalid(read.Diagnostics, "the rubric");
        var references = invocation.Evidence.Baselines.Select(sidecar => Check(invocation.Evidence, sidecar.Path).Record).OfType<EvidenceRecord>();
        return new(rubric, invocation.Catalog.Thresholds, [.. references]);
    }

    /// <summary>Everything that earns points has come through here.</summary>
    static CheckedFile Check(EvidenceStore evidence, string path, BuildProvenance? origin = null)
    {
        try
        {
            if (origin?.Check(path) is { } unknown)
                return new(null, unknown.ToString());
            return evidence.Read(path) is EvidenceRecord record ? new(record, null) : new(null, "it is evidence of an experiment, and labs are about workloads");
        }
        catch (EvidenceException damaged)
        {
            return new(null, damaged.Findings.Count > 0 ? damaged.Findings[0].ToString() : damaged.Message);
        }
    }

    static BuildProvenance Attested(string file)
    {
        var (provenance, findings) = BuildProvenance.Read(file);
        return findings.Count == 0 ? provenance : throw new EvidenceException(file, findings);
    }

    static ClassroomRun RunOf(Invocation invocation)
    {
        var (run, missing) = ClassroomRun.From(invocation.Services.Variable, invocation.Services.Clock.GetUtcNow());
        return run ?? throw CliErrors.NoClassroom(missing);
    }
}

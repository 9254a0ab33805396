using MlPerfEdu.Roofline;
using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Workloads.Tests.Cli;

namespace MlPerfEdu.Workloads.Tests.Labs;

/// <summary>A clone with two labs, a rubric of 20 points for the first, a reference, and the folder that students hand in to.</summary>
sealed class Course : IDisposable
{
    public const string Lab = "first-lab";
    public const int Most = 20;
    public const string Labs = $$"""
        schema: 1
        labs:
          {{Lab}}: { workload: {{Clone.First}}, title: The first one, think: Is it small? }
          second-lab: { workload: {{Clone.Second}}, title: The second one, think: Is it large? }
        """;
    public const string Rubric = $$"""
        schema: 1
        course: Tests
        labs:
          {{Lab}}:
            target: { points: 4 }
            regime: { points: 6 }
            speed: { points: 2, full_up_to: 2, none_from: 5 }
            step_time: { points: 4, full_up_to: 1.5, none_from: 10 }
            doubled_batch: { points: 4, full_up_to: 1.15, none_from: 2 }
        """;

    const string At = "2026-01-31T12-00-00Z";
    int students;

    public Course()
    {
        Clone.Write("workloads/Labs/labs.yaml", Labs);
        Clone.Write("workloads/Labs/grading.yaml", Rubric);
        Reference = EvidenceFile.Write(Clone.Repository.EvidenceFolder(SampleEvidence.MachineClass), SampleEvidence.Of(Clone.Entry(Clone.First), "2026-01-01T12-00-00Z")).Record;
        Folder = Directory.CreateDirectory(Path.Combine(Clone.Repository.Root, "submissions")).FullName;
    }

    public Clone Clone { get; } = new();

    public EvidenceRecord Reference { get; }

    /// <summary>Where students hand in, a folder each.</summary>
    public string Folder { get; }

    public string FolderOf(string student) => Directory.CreateDirectory(Path.Combine(Folder, student)).FullName;

    /// <summary>A run of the first lab that nobody changed, with right answers; no two are the same run.</summary>
    public EvidenceRecord Honest(Func<LabPrediction, LabPrediction>? answer = null)
    {
        // Nobody's steps take the same time to the last digit.
        var run = SampleEvidence.Slowed(SampleEvidence.Of(Clone.Entry(Clone.First), At), 1 + 1e-6 * ++students);
        var right = new LabPrediction
        {
            Lab = Lab,
            WorkingSet = run.Regimes.WorkingSet.Value,
            ArithmeticIntensity = run.Regimes.ArithmeticIntensity.Value,
            Dispatch = run.Regimes.Dispatch.Value,
            StepSeconds = 1.1e-3,
            DoubledBatch = 2,
            Because = $"It is small, says student {students}.",
            AnsweredAt = "2026-01-31T11-58-00Z",
        };
        return Answered(run, answer is null ? right : answer(right));
    }

    /// <summary>The run that these answers would have led to.</summary>
    public static EvidenceRecord Answered(EvidenceRecord run, LabPrediction answers) =>
        run with { Prediction = answers, Seed = answers.Seed, TrajectorySha256 = $"{answers.Seed:x64}" };

    public string HandIn(string student, EvidenceRecord record) => EvidenceFile.Write(FolderOf(student), record).Path;

    /// <summary>Rows of the CSV by student, without the heading.</summary>
    public IReadOnlyList<GradeLine> Grade(params string[] more)
    {
        var answer = Answer.To(Clone, ["grade", "--evidence", Folder, .. more]);
        Assert.True(answer.Exit == 0, answer.Error);
        return [.. CsvFile.Parse(answer.Out).Skip(1).Select(cells => new GradeLine(cells[0], cells[1], cells[2], int.Parse(cells[3]), int.Parse(cells[4]), cells[5] == "yes", cells[6]))];
    }

    public void Dispose() => Clone.Dispose();
}

sealed record GradeLine(string Student, string Part, string Criterion, int Points, int Of, bool Review, string Feedback);

/// <summary>RFC 4180, read without the code that writes it.</summary>
static class CsvFile
{
    public static List<string[]> Parse(string text)
    {
        var (rows, cells, cell, quoted) = (new List<string[]>(), new List<string>(), "", false);
        for (var i = 0; i < text.Length; i++)
        {
            var letter = text[i];
            if (quoted && letter == '"' && i + 1 < text.Length && text[i + 1] == '"')
                cell += text[i++];
            else if (letter == '"')
                quoted = !quoted;
            else if (!quoted && letter == ',')
                (cell, _) = ("", Add(cells, cell));
            else if (!quoted && letter == '\r' && text[i + 1] == '\n')
            {
                cells.Add(cell);
                rows.Add([.. cells]);
                cells.Clear();
                cell = "";
                i++;
            }
            else
                cell += letter;
        }
        return rows;

        static bool Add(List<string> cells, string cell)
        {
            cells.Add(cell);
            return true;
        }
    }
}

using System.Text.Json;
using System.Text.Json.Nodes;

namespace MlPerfEdu.Labs;

/// <summary>The results as the field's own tools read them. Whatever files are called and students write, it is text there.</summary>
public static class GradeFormats
{
    /// <summary>Its schema allows names of a hundred bytes.</summary>
    const int LongestName = 100;

    static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n" };

    /// <summary>One submission as Gradescope's results.json (gradescope-autograders.readthedocs.io, "Autograder Specifications").</summary>
    public static string Gradescope(Grade grade)
    {
        var tests = new JsonArray();
        foreach (var row in grade.Rows)
        {
            var test = new JsonObject
            {
                ["name"] = Name(row), ["name_format"] = "text",
                ["status"] = Passed(row) ? "passed" : "failed",
                ["output"] = row.Feedback, ["output_format"] = "text",
                ["visibility"] = "visible",
            };
            // A file that was refused has no points of its own: a test without a score informs.
            if (row.Most > 0)
                (test["score"], test["max_score"]) = (row.Points, row.Most);
            tests.Add(test);
        }
        return Text(new JsonObject
        {
            ["score"] = grade.Points,
            ["output"] = $"{grade.Points} of {grade.Most} points.",
            ["output_format"] = "text",
            ["test_output_format"] = "text",
            ["test_name_format"] = "text",
            ["visibility"] = "visible",
            ["stdout_visibility"] = "hidden",
            ["tests"] = tests,
        });
    }

    /// <summary>One submission as Classroom 50's result.json (github.com/foundation50/classroom50, schema classroom50/result/v1).</summary>
    public static string Classroom50(Grade grade, ClassroomRun run)
    {
        var tests = new JsonArray();
        foreach (var row in grade.Rows)
        {
            tests.Add(new JsonObject
            {
                ["test-name"] = Name(row), ["passed"] = Passed(row),
                ["score"] = row.Points, ["max-score"] = row.Most,
                ["message"] = row.Feedback,
            });
        }
        return Text(new JsonObject
        {
            ["schema"] = "classroom50/result/v1",
            ["classroom"] = run.Classroom,
            ["assignment"] = run.Assignment,
            ["assignment_type"] = run.AssignmentType,
            ["owner"] = run.Owner,
            ["submission"] = run.Submission,
            ["commit"] = run.Commit,
            ["release"] = run.Release,
            ["review"] = run.Review,
            ["datetime"] = $"{run.Now.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}",
            ["score"] = grade.Points,
            ["max-score"] = grade.Most,
            ["tests"] = tests,
        });
    }

    /// <summary>All submissions, a line for each criterion and one for each student's total; RFC 4180.</summary>
    public static string Csv(IReadOnlyList<Grade> grades)
    {
        var text = new StringBuilder();
        Line("student", "part", "criterion", "points", "of", "review", "feedback");
        foreach (var grade in grades)
        {
            foreach (var row in grade.Rows)
                Line(grade.Student, row.Part, row.Criterion, $"{row.Points}", $"{row.Most}", row.Review ? "yes" : "", row.Feedback);
            Line(grade.Student, "all", "total", $"{grade.Points}", $"{grade.Most}", grade.Rows.Any(row => row.Review) ? "yes" : "", "");
        }
        return text.ToString();

        void Line(params string[] cells) => text.AppendJoin(',', cells.Select(Cell)).Append("\r\n");
    }

    static bool Passed(GradeRow row) => row.Most > 0 && row.Points == row.Most;

    static string Name(GradeRow row)
    {
        var name = $"{row.Part}: {row.Criterion}";
        if (Encoding.UTF8.GetByteCount(name) <= LongestName)
            return name;
        var kept = new StringBuilder();
        foreach (var rune in name.EnumerateRunes())
        {
            if (Encoding.UTF8.GetByteCount(kept.ToString()) + rune.Utf8SequenceLength > LongestName - 3)
                break;
            kept.Append(rune);
        }
        return $"{kept}...";
    }

    // A spreadsheet takes a cell that begins like this for a formula.
    static string Cell(string text)
    {
        var clean = string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter));
        if (clean.TrimStart() is ['=' or '+' or '-' or '@', ..])
            clean = $"'{clean}";
        return clean.AsSpan().ContainsAny(',', '"') ? $"\"{clean.Replace("\"", "\"\"")}\"" : clean;
    }

    static string Text(JsonObject document) => document.ToJsonString(Indented) + "\n";
}

/// <summary>What Classroom 50's runner tells an autograder in its environment.</summary>
public sealed record ClassroomRun
{
    public required string Classroom { get; init; }
    public required string Assignment { get; init; }
    public required string AssignmentType { get; init; }
    public required string Owner { get; init; }
    public required string Submission { get; init; }
    public required string Commit { get; init; }
    public required string Release { get; init; }
    public required string Review { get; init; }
    public required DateTimeOffset Now { get; init; }

    /// <summary>The run that the variables describe, or the names of those that are missing.</summary>
    public static (ClassroomRun? Run, IReadOnlyList<string> Missing) From(Func<string, string?> variable, DateTimeOffset now)
    {
        var missing = new List<string>();
        var run = new ClassroomRun
        {
            Classroom = Needed("CLASSROOM"),
            Assignment = Needed("ASSIGNMENT"),
            AssignmentType = variable("ASSIGNMENT_TYPE") is "group" ? "group" : "individual",
            Owner = Needed("OWNER", "USERNAME"),
            Submission = Needed("SUBMISSION_TAG"),
            Commit = Needed("COMMIT_URL"),
            Release = Needed("RELEASE_URL"),
            Review = Needed("REVIEW_URL", "COMMIT_URL"),
            Now = now,
        };
        return missing.Count == 0 ? (run, missing) : (null, missing);

        string Needed(params string[] names)
        {
            if (names.Select(variable).FirstOrDefault(value => !string.IsNullOrEmpty(value)) is { } found)
                return found;
            missing.Add(names[0]);
            return "";
        }
    }
}

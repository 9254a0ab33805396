using System.Text.Json;
using Json.Schema;
using MlPerfEdu.Roofline.Detect;
using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Workloads.Tests.Cli;

namespace MlPerfEdu.Workloads.Tests.Labs;

public class GradeTests
{
    static readonly Dictionary<string, string> Runner = new()
    {
        ["CLASSROOM"] = "ml-2026", ["ASSIGNMENT"] = "labs", ["OWNER"] = "alice", ["ASSIGNMENT_TYPE"] = "individual",
        ["SUBMISSION_TAG"] = "submit/2026-06-01T14-32-05Z-a1b2c3d", ["COMMIT_URL"] = "https://example.org/commit/1", ["RELEASE_URL"] = "https://example.org/release/1",
    };

    [Fact]
    public void An_honest_run_with_right_answers_earns_every_point()
    {
        using var course = new Course();
        course.HandIn("alice", course.Honest());
        var rows = course.Grade();
        Assert.Equal(["target", "speed", "regime", "step time", "doubled batch", "total"], rows.Select(row => row.Criterion));
        Assert.Equal([4, 2, 6, 4, 4, Course.Most], rows.Select(row => row.Points));
        Assert.All(rows.SkipLast(1), row => Assert.EndsWith(".", row.Feedback));
    }

    [Theory]
    [InlineData(1.0, 4)]
    [InlineData(3.0, 2)]
    [InlineData(0.33, 2)]
    [InlineData(9.9, 0)]
    [InlineData(100, 0)]
    public void A_worse_guess_of_the_step_time_earns_less(double factor, int points)
    {
        using var course = new Course();
        course.HandIn("alice", course.Honest(answers => answers with { StepSeconds = factor * 1e-3 }));
        Assert.Equal(points, course.Grade().Single(row => row.Criterion == "step time").Points);
    }

    [Fact]
    public void Wrong_answers_cost_their_points_only()
    {
        using var course = new Course();
        course.HandIn("alice", course.Honest(answers => answers with { WorkingSet = RegimeValue.DramBound, DoubledBatch = 5 }));
        var rows = course.Grade();
        Assert.Equal(4, rows.Single(row => row.Criterion == "regime").Points);
        Assert.Equal(0, rows.Single(row => row.Criterion == "doubled batch").Points);
        Assert.Contains("working_set dram_bound, measured cache_resident", rows.Single(row => row.Criterion == "regime").Feedback);
    }

    [Fact]
    public void A_slow_step_and_a_missed_target_cost_points()
    {
        using var course = new Course();
        course.HandIn("alice", SampleEvidence.Scored(SampleEvidence.Slowed(course.Honest(), 6), 0.7));
        var rows = course.Grade();
        Assert.Equal(0, rows.Single(row => row.Criterion == "speed").Points);
        Assert.Equal(0, rows.Single(row => row.Criterion == "target").Points);
        Assert.StartsWith("Missed: accuracy 0.7 at least 0.9", rows.Single(row => row.Criterion == "target").Feedback);
    }

    [Fact]
    public void The_same_run_earns_the_same_on_two_machine_classes()
    {
        var other = SampleEvidence.Facts with { Isa = ["avx2", "avx512f", "fma"], CpuModel = "Model 12" };
        Assert.NotEqual(SampleEvidence.MachineClass, MachineClass.Of(other));
        using var course = new Course();
        EvidenceFile.Write(course.Clone.Repository.EvidenceFolder(MachineClass.Of(other)), SampleEvidence.On(SampleEvidence.Slowed(course.Reference, 1.00001), other));
        course.HandIn("alice", course.Honest());
        course.HandIn("bob", SampleEvidence.On(course.Honest(), other));
        course.HandIn("carol", SampleEvidence.On(course.Honest(), SampleEvidence.Facts with { OsFamily = "macos", Architecture = "arm64", Isa = ["advsimd"] }));

        var rows = course.Grade();
        Assert.Equal([Course.Most, Course.Most, Course.Most], rows.Where(row => row.Criterion == "total").Select(row => row.Points));
        Assert.Contains(MachineClass.Of(other), rows.Single(row => row is { Student: "bob", Criterion: "speed" }).Feedback);
        // Nobody loses points because the course never had such a machine.
        Assert.Contains("no reference", rows.Single(row => row is { Student: "carol", Criterion: "speed" }).Feedback);
    }

    [Fact]
    public void A_run_among_other_programs_is_marked_for_a_person()
    {
        using var course = new Course();
        course.HandIn("alice", SampleEvidence.Disturbed(course.Honest()));
        var row = course.Grade().Single(row => row.Criterion == "step time");
        Assert.Contains("while other programs held the cores", row.Feedback);
        Assert.True(row.Review);
    }

    [Fact]
    public void Of_two_runs_the_first_answers_count_and_the_better_score()
    {
        using var course = new Course();
        course.HandIn("alice", SampleEvidence.Scored(course.Honest(answers => answers with { StepSeconds = 1 }), 0.7));
        course.HandIn("alice", course.Honest() with { MeasuredAt = "2026-01-31T13-00-00Z" });
        var rows = course.Grade();
        Assert.Equal(0, rows.Single(row => row.Criterion == "step time").Points);
        Assert.Equal(4, rows.Single(row => row.Criterion == "target").Points);
    }

    [Fact]
    public void Who_hands_in_nothing_gets_nothing_and_is_told_what_to_do()
    {
        using var course = new Course();
        Assert.Equal(0, course.Grade().Sum(row => row.Points));
        course.FolderOf("alice");
        course.HandIn("bob", course.Honest());
        var rows = course.Grade();
        Assert.Equal(0, rows.Single(row => row is { Student: "alice", Criterion: "total" }).Points);
        Assert.Contains("`mlperfedu lab first-lab`", rows.First(row => row.Student == "alice").Feedback);
        Assert.Equal(Course.Most, rows.Single(row => row is { Student: "bob", Criterion: "total" }).Points);
    }

    [Fact]
    public void A_copy_earns_nothing_in_either_folder()
    {
        using var course = new Course();
        var path = course.HandIn("alice", course.Honest());
        File.Copy(path, Path.Combine(course.FolderOf("bob"), Path.GetFileName(path)));
        course.HandIn("carol", course.Honest());
        var rows = course.Grade();
        Assert.Equal([0, 0, Course.Most], rows.Where(row => row.Criterion == "total").Select(row => row.Points));
        Assert.Contains("in the evidence of alice", rows.Single(row => row is { Student: "bob", Criterion: "file refused" }).Feedback);
    }

    [Theory]
    [InlineData("gradescope")]
    [InlineData("classroom50")]
    public void Results_validate_against_the_format_s_schema(string format)
    {
        using var course = new Course();
        var schema = JsonSchema.FromText(File.ReadAllText(Path.Combine(ThisClone.Repository.Root, "tests", "MlPerfEdu.Workloads.Tests", "Labs", "Schemas", $"{format}.schema.json")));
        course.HandIn("alice", course.Honest(answers => answers with { StepSeconds = 3e-3 }));
        File.WriteAllText(Path.Combine(course.FolderOf("alice"), "<script>alert(1)<b>\u202e\n" + new string('x', 90) + ".json"), "{}");

        var answer = Answer.To(course.Clone, ["grade", "--evidence", course.FolderOf("alice"), "--format", format], variables: Runner);
        Assert.True(answer.Exit == 0, answer.Error);
        Assert.True(schema.Evaluate(answer.Json).IsValid, answer.Out);
        Assert.DoesNotContain("<script>", answer.Out);
        Assert.Equal(18, answer.Json.GetProperty("score").GetInt32());
        Assert.Equal(6, answer.Json.GetProperty("tests").GetArrayLength());

        foreach (var broken in new[] { """{"tests":[{"status":"great"}]}""", """{"schema":"classroom50/result/v1"}""", """{"output":"no score"}""" })
            Assert.False(schema.Evaluate(JsonDocument.Parse(broken).RootElement).IsValid);
    }

    [Fact]
    public void Without_the_runner_s_variables_nothing_is_written_for_Classroom_50()
    {
        using var course = new Course();
        var answer = Answer.To(course.Clone, ["grade", "--evidence", course.Folder, "--format", "classroom50"]);
        Assert.Contains("MLP2090", answer.Error);
        Assert.Contains("CLASSROOM, ASSIGNMENT, OWNER", answer.Error);
    }

    [Fact]
    public void Names_of_students_and_files_are_text_in_the_CSV()
    {
        using var course = new Course();
        string[] students = ["=cmd|' C calc'!A0", "+1", "-2", "@SUM(1)", "a,b", "quo\"te", "<b>bold", "$(touch x)", "line\nbreak", "\u202eevil", " =1"];
        foreach (var student in students)
            File.WriteAllText(Path.Combine(course.FolderOf(student), "=1+1,\"\n.json"), "{}");
        var rows = course.Grade();
        Assert.Equal(students.Length, rows.Count(row => row.Criterion == "total"));
        Assert.Equal(students.Length, rows.Count(row => row.Criterion == "file refused"));
        Assert.All(rows.SelectMany(row => new[] { row.Student, row.Part, row.Feedback }), cell =>
            Assert.False(cell.TrimStart() is ['=' or '+' or '-' or '@', ..] || cell.Contains('\n'), cell));
        Assert.False(File.Exists("x"));
    }

    [Fact]
    public void Where_a_provenance_is_asked_for_other_files_earn_nothing()
    {
        using var course = new Course();
        var attested = course.HandIn("alice", course.Honest());
        course.HandIn("bob", course.Honest());
        var file = course.Clone.Write("attestation.json", ProvenanceTests.BundleOf(attested));
        var rows = course.Grade("--provenance", file);
        Assert.Equal([Course.Most, 0], rows.Where(row => row.Criterion == "total").Select(row => row.Points));
        Assert.Contains("MLP3034", rows.Single(row => row is { Student: "bob", Criterion: "file refused" }).Feedback);
        Assert.Contains("MLP3031", Answer.To(course.Clone, ["grade", "--evidence", course.Folder, "--provenance", "nowhere.json"]).Error);
    }

    [Fact]
    public void Results_go_to_a_file_where_one_is_named()
    {
        using var course = new Course();
        course.HandIn("alice", course.Honest());
        var file = Path.Combine(course.Clone.Repository.Root, "out", "grades.csv");
        var answer = Answer.To(course.Clone, ["grade", "--evidence", course.Folder, "--out", file]);
        Assert.Equal("", answer.Out);
        Assert.StartsWith("student,part,criterion,points,of,review,feedback\r\n", File.ReadAllText(file));
        Assert.Contains("alice: 20 of 20 points.", answer.Error);
        Assert.Contains("MLP2089", Answer.To(course.Clone, ["grade", "--evidence", "nowhere"]).Error);
    }
}

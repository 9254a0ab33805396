using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MlPerfEdu.Contract;
using MlPerfEdu.Roofline;
using MlPerfEdu.Roofline.Classify;
using MlPerfEdu.Roofline.Detect;
using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Workloads.Tests.Cli;

namespace MlPerfEdu.Workloads.Tests.Labs;

/// <summary>Submissions that were damaged, edited or forged: each in the folder of a student of its own, next to one who did nothing wrong.</summary>
public class ForgeryTests(ITestOutputHelper output)
{
    static readonly (string Name, Func<string, string> Change)[] Texts =
    [
        ("empty", _ => ""),
        ("one_byte", _ => "{"),
        ("half", text => text[..(text.Length / 2)]),
        ("no_last_line", text => text.TrimEnd()),
        ("one_space_more", text => text + " "),
        ("twice", text => text + text),
        ("no_json", _ => "points please"),
        ("empty_object", _ => "{}"),
        ("list", _ => "[]"),
        ("null", _ => "null"),
        ("deep", _ => new string('[', 100_000)),
        ("byte_order_mark", text => "\ufeff" + text),
        ("windows_lines", text => text.Replace("\n", "\r\n")),
        ("one_line", text => JsonNode.Parse(text)!.ToJsonString()),
        ("other_order", text => new JsonObject(JsonNode.Parse(text)!.AsObject().Reverse().Select(pair => KeyValuePair.Create(pair.Key, pair.Value?.DeepClone()))).ToJsonString(new() { WriteIndented = true })),
        ("key_twice", text => text.Replace("{\n  \"schema\": 5,", "{\n  \"schema\": 5,\n  \"schema\": 5,")),
        ("unknown_key", text => text.Replace("{\n  \"schema\"", "{\n  \"points\": 100,\n  \"schema\"")),
        ("schema_of_the_future", text => text.Replace("\"schema\": 5", "\"schema\": 99")),
        ("score", text => text.Replace("\"value\": 0.93", "\"value\": 0.99")),
        ("limit", text => text.Replace("\"limit\": 0.9,", "\"limit\": 0.1,")),
        ("answer", text => text.Replace("\"step_seconds\": 0.0011", "\"step_seconds\": 0.001")),
        ("reason", text => text.Replace("It is small", "It is tiny")),
        ("seed", text => text.Replace("\"seed\": ", "\"seed\": 1")),
        ("sample", text => Regex.Replace(text, @"(""step_seconds"": \[\s+)0\.001", "${1}0.0009")),
        ("calibration", text => text.Replace("\"gemm_flops\": 100000000000", "\"gemm_flops\": 200000000000")),
        ("regime", text => text.Replace("\"value\": \"bandwidth_bound\"", "\"value\": \"compute_bound\"")),
        ("time", text => text.Replace("\"measured_at\": \"2026-01-31T12", "\"measured_at\": \"2026-01-31T13")),
        ("machine_class", text => text.Replace(SampleEvidence.MachineClass, "linux-x64-avx512-llc64m")),
        ("data_tier", text => text.Replace("\"tier\": \"embedded\"", "\"tier\": \"real\"")),
        ("hash", text => text.Replace("\"content_sha256\": \"", "\"content_sha256\": \"0")),
    ];

    static readonly (string Name, Func<Course, EvidenceRecord, EvidenceRecord> Change)[] Resealed =
    [
        ("other_answers_same_run", (_, run) => run with { Prediction = run.Prediction! with { StepSeconds = 1e-3 } }),
        ("answers_pasted_into_a_run", (_, run) => run with { Seed = 1 }),
        ("answers_of_no_axis", (_, run) => Course.Answered(run, run.Prediction! with { WorkingSet = RegimeValue.ComputeBound })),
        ("answers_unmeasured", (_, run) => Course.Answered(run, run.Prediction! with { Dispatch = RegimeValue.Unmeasured })),
        ("answers_after_the_run", (_, run) => Course.Answered(run, run.Prediction! with { AnsweredAt = "2026-01-31T12-00-01Z" })),
        ("answers_negative", (_, run) => Course.Answered(run, run.Prediction! with { StepSeconds = -1e-3 })),
        ("regime_as_answered", (_, run) => run with { Regimes = run.Regimes with { WorkingSet = run.Regimes.WorkingSet with { Value = RegimeValue.DramBound } } }),
        ("other_thresholds", (_, run) => Derived(run with { Thresholds = run.Thresholds with { WorkingSet = new(1e-9, 1e-8) } })),
        ("other_confidence", (_, run) => Derived(run with { Measurement = run.Measurement with { Confidence = 0.5 } })),
        ("other_counts", (_, run) => Derived(run with { Count = new(8, [.. run.Count.Layers.Select(layer => layer with { UniqueBytes = 4000 })]) })),
        ("other_entry", (_, run) => run with { Workload = run.Workload with { EntrySha256 = new string('0', 64) } }),
        ("other_workload", (course, run) => run with { Workload = new(Clone.Second, "small", course.Clone.Entry(Clone.Second).Sha256) }),
        ("data_that_the_entry_lacks", (_, run) => run with { Data = run.Data with { Dataset = "easy-strokes" } }),
        ("data_claimed_real", (_, run) => run with { Data = run.Data with { Tier = "real" } }),
        ("no_answers", (_, run) => run with { Prediction = null }),
        ("lab_that_there_is_not", (_, run) => Course.Answered(run, run.Prediction! with { Lab = "no-lab" })),
        ("the_reference_with_answers", (course, run) => Course.Answered(course.Reference, run.Prediction! with { AnsweredAt = "2026-01-01T11-58-00Z" })),
        ("steps_faster_than_the_roof", (_, run) => SampleEvidence.Slowed(run, 1e-7)),
        ("peaks_of_another_machine", (_, run) => run with { Peaks = ContentHash.Seal(run.Peaks with { Fingerprint = new string('1', 64) }) }),
        ("peaks_edited", (_, run) => run with { Peaks = run.Peaks with { Backend = "fast torch" } }),
        ("machine_class_its_facts_deny", (_, run) => run with { Machine = run.Machine with { Class = "linux-x64-avx512-llc64m" } }),
        ("facts_of_another_machine", (_, run) => run with { Machine = run.Machine with { Facts = run.Machine.Facts with { CpuModel = "Model 10" } } }),
        ("no_verdict_on_the_target", (_, run) => run with { Validity = [] }),
        ("score_beside_its_evaluations", (_, run) => Scored(run, run.Quality.Target with { Value = 0.999 })),
        ("limit_below_the_score", (_, run) => Scored(run, run.Quality.Target with { Limit = 0.1 })),
    ];

    // With the metric and the line that follow from it.
    static EvidenceRecord Scored(EvidenceRecord run, QualityCheck target)
    {
        var quality = run.Quality with { Target = target, Metrics = new Dictionary<string, double>(run.Quality.Metrics) { [target.Metric] = target.Value } };
        var lines = QualityValidity.Lines(quality);
        return run with { Quality = quality, Validity = [.. lines, .. run.Validity.Skip(lines.Count)] };
    }

    [Fact]
    public void None_of_more_than_forty_earns_a_point_it_should_not_and_each_is_told_why()
    {
        using var course = new Course();
        foreach (var (name, change) in Texts)
        {
            var path = course.HandIn($"text_{name}", course.Honest());
            var honest = File.ReadAllText(path);
            Assert.True(change(honest) != honest, $"{name} changes nothing.");
            File.WriteAllText(path, change(honest), new UTF8Encoding(false));
        }
        foreach (var (name, change) in Resealed)
            course.HandIn($"resealed_{name}", change(course, course.Honest()));
        for (var flip = 1; flip <= 9; flip++)
            Flip(course.HandIn($"flip_{flip}", course.Honest()), flip / 10.0);
        Rename(course.HandIn("renamed", course.Honest()));
        File.CreateSymbolicLink(
            Path.Combine(course.FolderOf("linked"), Path.GetFileName(course.HandIn("zz_honest", course.Honest()))),
            Directory.GetFiles(course.FolderOf("zz_honest")).Single());

        var rows = course.Grade();
        var totals = rows.Where(row => row.Criterion == "total").ToList();
        output.WriteLine($"{totals.Count - 1} submissions that nobody should get points for.");
        Assert.True(totals.Count > 40);
        Assert.Equal("zz_honest: 20", string.Join("; ", totals.Where(row => row.Points > 0).Select(row => $"{row.Student}: {row.Points}")));
        foreach (var student in totals.Select(row => row.Student).Except(["zz_honest"]))
        {
            var why = rows.First(row => row.Student == student && row.Criterion == (rows.Any(other => other.Student == student && other.Criterion == "file refused") ? "file refused" : "target"));
            output.WriteLine($"{student}: {why.Feedback}");
            Assert.True(why.Feedback.Length > 20, student);
            Assert.DoesNotContain(course.Folder, why.Feedback);
        }
    }

    /// <summary>Consistent in itself, and yet held against the limit that the course states.</summary>
    [Fact]
    public void A_lower_limit_in_the_file_does_not_meet_the_course_s()
    {
        using var course = new Course();
        var run = course.Honest();
        var quality = run.Quality with { Target = run.Quality.Target with { Limit = 0.5, Value = 0.6 } };
        course.HandIn("mallory", run with { Quality = quality, Validity = QualityValidity.Lines(quality) });
        Assert.Equal(0, course.Grade().Single(row => row.Criterion == "target").Points);
    }

    [Fact]
    public void One_bad_file_takes_nothing_from_the_good_one_beside_it()
    {
        using var course = new Course();
        course.HandIn("alice", course.Honest());
        File.WriteAllText(Path.Combine(course.FolderOf("alice"), "note.json"), "{}");
        var rows = course.Grade();
        Assert.Equal(Course.Most, rows.Single(row => row.Criterion == "total").Points);
        Assert.Contains("note.json", rows.Single(row => row.Criterion == "file refused").Feedback);
    }

    static EvidenceRecord Derived(EvidenceRecord run) =>
        run with { Regimes = RegimeDerivation.Derive(run.Count, run.Measurement, run.Peaks, run.Thresholds) };

    static void Flip(string path, double share)
    {
        var bytes = File.ReadAllBytes(path);
        bytes[(int)(share * bytes.Length)] ^= 1;
        File.WriteAllBytes(path, bytes);
    }

    static void Rename(string path) => File.Move(path, Path.Combine(Path.GetDirectoryName(path)!, "best-run.json"));
}

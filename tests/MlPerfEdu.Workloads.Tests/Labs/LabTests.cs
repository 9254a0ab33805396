using MlPerfEdu.Cli;
using MlPerfEdu.Engine.Running;
using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Workloads.Tests.Cli;

namespace MlPerfEdu.Workloads.Tests.Labs;

public class LabTests
{
    const string Answers = """
        schema: 1
        lab: first-lab
        working_set: cache_resident
        arithmetic_intensity: compute_bound
        dispatch: kernel_bound
        step_ms: 2.5
        doubled_batch: 1
        because: "[red]x[/] <b>$(touch x)</b> {0} %s"

        """;

    static readonly DateTimeOffset Now = new(2026, 1, 31, 11, 58, 0, TimeSpan.Zero);

    [Fact]
    public void Asks_first_then_runs_and_shows_both()
    {
        using var course = new Course();
        var answer = Lab(course, "lab first-lab", "1\nbandwidth\nbandwidth_bound\n9\n3\nabc\n2,5\n2.5\n1\n\nBecause it is small.\n");

        Assert.True(answer.Exit == 0, answer.Error);
        Assert.Contains("roofs               100 GFLOP/s, 10.0 GB/s from memory: they meet at 10.0 FLOP per byte", answer.Error);
        Assert.Contains("Found 'bandwidth', expected a number from 1 to 3, or one of these words.", answer.Error);
        Assert.Contains("Found '2,5', expected a number of milliseconds", answer.Error);
        Assert.Matches(@"\nworking_set +cache_resident +cache_resident\n", answer.Out);
        Assert.Contains("step time: 2.5 times too long.", answer.Out);
        Assert.Contains("doubled batch: 2.0 times too little. Nearly all of the step grows with the batch.", answer.Out);
        var record = EvidenceFile.Read(Sidecar(course));
        Assert.Equal("Because it is small.", record.Prediction!.Because);
        Assert.Equal(RegimeValue.BandwidthBound, record.Prediction.ArithmeticIntensity);
        Assert.Equal("2026-01-31T11-58-00Z", record.Prediction.AnsweredAt);
        Assert.Equal(record.Prediction.Seed, record.Seed);
    }

    [Fact]
    public void Answers_of_a_file_are_text_and_nothing_else()
    {
        using var course = new Course();
        var answer = Lab(course, $"lab first-lab --answers {course.Clone.Write("answers.yaml", Answers)}");
        Assert.True(answer.Exit == 0, answer.Error);
        Assert.Contains("You wrote: [red]x[/] <b>$(touch x)</b> {0} %s", answer.Out);
        Assert.Contains("arithmetic_intensity: compute_bound needs FLOP per byte / ridge > 2", answer.Out);
        Assert.False(File.Exists("x"));
        Assert.Equal(0, Answer.To(course.Clone, ["verify", course.Clone.Repository.NewEvidenceFolder]).Exit);
    }

    [Fact]
    public void Answers_after_the_run_are_refused_and_the_run_is_shown_again()
    {
        using var course = new Course();
        var file = course.Clone.Write("answers.yaml", Answers);
        var first = Lab(course, $"lab first-lab --answers {file}");
        Assert.Contains("MLP2087", Lab(course, $"lab first-lab --answers {file}").Error);
        Assert.Equal(first.Out, Answer.To(course.Clone, "lab first-lab").Out);
        Assert.Matches("\nfirst-lab +first-workload +2026-01-31T12-00-00Z ", Answer.To(course.Clone, "lab").Out);
    }

    [Fact]
    public void Answers_that_were_changed_and_sealed_again_do_not_verify()
    {
        using var course = new Course();
        Lab(course, $"lab first-lab --answers {course.Clone.Write("answers.yaml", Answers)}");
        var path = Sidecar(course);
        var record = EvidenceFile.Read(path);
        File.Delete(path);
        EvidenceFile.Write(course.Clone.Repository.NewEvidenceFolder, record with { Prediction = record.Prediction! with { StepSeconds = 1e-3 } });
        var answer = Answer.To(course.Clone, "verify");
        Assert.Equal(1, answer.Exit);
        Assert.Contains("MLP3030", answer.Out);
    }

    [Theory]
    [InlineData("working_set: cache_resident", "working_set: compute_bound", "(3,14)")]
    [InlineData("dispatch: kernel_bound", "dispatch: unmeasured", "(5,11)")]
    [InlineData("step_ms: 2.5", "step_ms: -1", "(6,10)")]
    [InlineData("step_ms: 2.5", "step_ms: 1e999", "(6,10)")]
    [InlineData("doubled_batch: 1", "doubled_batch: two", "(7,16)")]
    [InlineData("lab: first-lab", "lab: second-lab", "(2,6)")]
    [InlineData("because: \"", "because: \"\" # \"", "(8,10)")]
    [InlineData("because:", "becuase:", "(8,1)")]
    public void A_mistake_in_the_answers_is_told_before_anything_runs(string text, string instead, string place)
    {
        using var course = new Course();
        var file = course.Clone.Write("answers.yaml", Answers.Replace(text, instead));
        var answer = Answer.To(course.Clone, ["lab", "first-lab", "--answers", file]);
        Assert.Contains($"{file}{place}: error MLP00", answer.Error);
    }

    [Fact]
    public void A_blank_file_has_every_question_and_is_refused_as_it_is()
    {
        using var course = new Course();
        var file = course.Clone.Write("answers.yaml", Answer.To(course.Clone, "lab first-lab --blank").Out);
        var answer = Answer.To(course.Clone, ["lab", "first-lab", "--answers", file]);
        Assert.Equal(6, answer.Error.Split("error MLP00").Length - 1);
    }

    [Fact]
    public void Without_answers_or_with_another_lab_nothing_runs()
    {
        using var course = new Course();
        Assert.Contains("MLP2088", Lab(course, "lab first-lab", "1\n").Error);
        Assert.Contains("MLP2086", Lab(course, "lab third-lab").Error);
    }

    static Answer Lab(Course course, string commandLine, string input = "") => Answer.To(course.Clone, commandLine.Split(' '), services => services with
    {
        In = new StringReader(input),
        Clock = new FixedClock(),
        Runner = (_, _) => (entry, options, _, _) =>
        {
            var measured = SampleEvidence.Of(entry, "2026-01-31T12-00-00Z") with { Seed = options.Seed, Prediction = options.Prediction };
            var (path, record) = EvidenceFile.Write(options.EvidenceFolder, measured);
            return new RunOutcome(record, path, []);
        },
    });

    static string Sidecar(Course course) => Directory.GetFiles(course.Clone.Repository.NewEvidenceFolder, "*.json").Single();

    sealed class FixedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Now;
    }
}

using MlPerfEdu.Catalog;
using MlPerfEdu.Data;
using MlPerfEdu.Engine;
using MlPerfEdu.Engine.Mllog;
using MlPerfEdu.Engine.Training;
using MlPerfEdu.Roofline.Measure;

namespace MlPerfEdu.Workloads.Tests.Training;

public class TrainingLoopTests
{
    static readonly WorkloadEntry Entry = ThisClone.Entry("anomaly-ae-train");

    [Fact]
    public void Without_another_word_every_epoch_is_scored() =>
        Assert.Equal([5, 10, 15, 20], Train(target: 100).Curve.Select(point => point.Step));

    [Theory]
    [InlineData(8, new long[] { 8, 16, 20 })]
    [InlineData(20, new long[] { 20 })]
    [InlineData(50, new long[] { 20 })]
    public void Scored_after_as_many_steps_as_the_recipe_says_and_at_the_end(int every, long[] steps) =>
        Assert.Equal(steps, Train(target: 100, every).Curve.Select(point => point.Step));

    [Fact]
    public void Until_the_target_ends_at_the_evaluation_that_meets_it()
    {
        var options = new RunOptions { EvidenceFolder = "", UntilTarget = true };
        Assert.Equal([5, 10], Train(target: 10, options: options).Curve.Select(point => point.Step));
        Assert.Equal(4, Train(target: 100, options: options).Curve.Count);
        Assert.Equal(4, Train(target: 10).Curve.Count);
    }

    [Fact]
    public void Only_a_run_that_meets_its_target_at_the_end_is_handed_on()
    {
        Assert.True(HandedOn(target: 20));
        Assert.False(HandedOn(target: 21));
        // Weights of a shorter training must not be taken for those of the recipe.
        Assert.False(HandedOn(target: 10, new RunOptions { EvidenceFolder = "", UntilTarget = true }));

        static bool HandedOn(double target, RunOptions? options = null)
        {
            var handed = false;
            Train(target, options: options, succeeded: _ => handed = true);
            return handed;
        }
    }

    [Theory]
    [InlineData(10, "success", 10)]
    [InlineData(15, "success", 15)]
    [InlineData(100, "aborted", 20)]
    public void The_log_stops_the_clock_at_the_first_scores_that_meet_the_target(double target, string status, long step)
    {
        var lines = Logged(target);
        var stop = Assert.Single(lines, line => line.Key == "run_stop");
        Assert.Equal((status, step), (stop.Of("status").GetString(), stop.Of("step_num").GetInt64()));
        Assert.Equal("eval_stop", lines[lines.IndexOf(stop) - 1].Key);
        Assert.Equal("edu_over", lines[^1].Key);
        string[] round = ["block_start", "tracked_stats", "block_stop", "eval_start", "eval_accuracy", "eval_stop"];
        Assert.Equal([.. round, .. round, .. round, .. round], lines.Where(line => line.Key is not ("run_stop" or "edu_over")).Select(line => line.Key));
    }

    [Fact]
    public void The_log_has_the_mean_of_the_losses_since_the_last_and_counts_samples_from_the_start()
    {
        // The loss of this model is the number of steps taken, too.
        var losses = Logged(target: 100).Where(line => line.Key == "tracked_stats").ToList();
        Assert.Equal([3, 8, 13, 18], losses.Select(line => line.Value.GetProperty("loss").GetDouble()));
        Assert.Equal([320, 640, 960, 1280], losses.Select(line => line.Of("samples_count").GetInt64()));
        Assert.Equal([1, 2, 3, 4], losses.Select(line => line.Of("epoch_num").GetDouble()));
    }

    static List<MllogLine> Logged(double target)
    {
        var folder = Directory.CreateTempSubdirectory("mlperfedu-loop-").FullName;
        try
        {
            using (var log = RunLog.Begin(folder, "counting", 1))
                Train(target, log: log);
            return [.. MllogLine.Read(LogFolder.Of(folder, "counting", 1)).Lines];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    static TrainingResult Train(double target, int? every = null, RunOptions? options = null, Action<ITrainingRun>? succeeded = null, RunLog? log = null)
    {
        var choice = Entry.Data[0] with
        {
            QualityTarget = new("steps", QualityBound.AtLeast, target, 1),
            Also = [],
            Recipe = Entry.Recipe with { Epochs = 4, BatchesPerEpoch = 5, EvalEvery = every },
        };
        return new TrainingLoop(Entry, choice, new Counting().Begin, options ?? new RunOptions { EvidenceFolder = "" }, new Silent(), log)
            .Run(succeeded ?? (_ => { }), CancellationToken.None);
    }

    /// <summary>Its score is the number of steps taken.</summary>
    sealed class Counting : ITrainingWorkload, ITrainingRun
    {
        int steps;

        public int Batch => 1;

        public Provenance Data => throw new NotSupportedException("Nothing here asks for it.");

        public int TrainingSamples => 1;

        public int EvaluationSamples => 1;

        public long Parameters => 0;

        public ITrainingRun Begin(int seed) => this;

        public IRunningStep Prepare(int batch) => throw new NotSupportedException("Nothing here is measured.");

        public IReadOnlyList<Invariant> CheckInvariants() => [];

        public IReadOnlyDictionary<string, double> TrivialAnswers => new Dictionary<string, double>();

        public float Step(double learningRate) => ++steps;

        public Scores Evaluate(CancellationToken stop) => new(new Dictionary<string, double> { ["steps"] = steps }, new Dictionary<string, double>(), 1);

        public void Dispose()
        {
        }
    }

    sealed class Silent : IRunProgress
    {
        public void Report(string phase, double share, string detail)
        {
        }
    }
}

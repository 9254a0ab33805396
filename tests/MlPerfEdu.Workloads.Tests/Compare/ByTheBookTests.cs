using MlPerfEdu.Catalog;
using MlPerfEdu.Data;
using MlPerfEdu.Engine;
using MlPerfEdu.Engine.Compare;
using MlPerfEdu.Engine.Running;
using MlPerfEdu.Engine.Training;
using MlPerfEdu.Workloads.Cloud.Gpt;
using MlPerfEdu.Workloads.Tests.Inference;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Tests.Compare;

/// <summary>Both sides of `compare torchsharp` do the same work: from equal weights and the same batches they come to the same numbers.</summary>
public class ByTheBookTests(ITestOutputHelper output)
{
    const int Steps = 4;
    const double Tolerance = 1e-3;
    // Twenty batch norms and Adam's first steps make more of the last bits: 1.4e-3 was seen at the fourth step.
    const double DeepTolerance = 2e-3;
    const float LogitTolerance = 1e-4f;

    public static TheoryData<string> Trained => [.. ThisClone.Catalog.Models.OfType<WorkloadEntry>().Select(entry => entry.Id)];

    [Theory]
    [MemberData(nameof(Trained))]
    [Trait("Tier", "long")]
    public void The_first_losses_are_ours(string id)
    {
        var entry = ThisClone.Entry(id);
        // Which numbers are dropped depends on how many are drawn for.
        var choice = entry.Data[^1] with { Recipe = DataSelection.WithBookOptimizer(entry.Data[^1].Recipe) with { Dropout = 0 } };
        using var workload = WorkloadFactory.Create(new WorkloadSetup(entry, choice, DataStore.Open()));
        var ours = Losses(workload.Begin);
        var book = Losses(((ITrainedByTheBook)workload).BeginByTheBook);

        output.WriteLine($"ours {string.Join(", ", ours)}; by the book {string.Join(", ", book)}");
        Assert.Equal(Steps, ours.Distinct().Count());
        var tolerance = id == "resnet18-train" ? DeepTolerance : Tolerance;
        Assert.All(ours.Zip(book), pair => Assert.InRange(Math.Abs(pair.Second - pair.First), 0, tolerance * Math.Max(1, Math.Abs(pair.First))));

        float[] Losses(Func<int, ITrainingRun> begin)
        {
            using var run = begin(1);
            // With the warm-up, without which a deep network makes much of the last bits.
            var schedule = new LearningRateSchedule(choice.Recipe);
            return [.. Enumerable.Range(0, Steps).Select(step => run.Step(schedule.At(0, step)))];
        }
    }

    [Theory]
    [InlineData("anomaly-ae-train")]
    [InlineData("micro-gnn-train")]
    [InlineData("micro-rl-train")]
    public void A_run_is_timed_and_scored_as_ours(string id)
    {
        using var workload = Embedded.Create(id);
        using (var step = ((IByTheBook)workload).PrepareByTheBook(workload.Batch))
            step.Step();

        var (ours, book) = (Scores(workload.Begin), Scores(((ITrainedByTheBook)workload).BeginByTheBook));
        Assert.Equal(ours.Metrics.Keys, book.Metrics.Keys);
        Assert.Equal(ours.Samples, book.Samples);

        static Scores Scores(Func<int, ITrainingRun> begin)
        {
            using var run = begin(1);
            run.Step(1e-3);
            return run.Evaluate();
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void Logits_after_a_prompt_and_after_more_tokens_are_ours(int added)
    {
        using var gpt = new SmallGpt();
        var (prompt, more) = (SmallGpt.Tokens(300, seed: 1), SmallGpt.Tokens(added, seed: 2));
        using var cache = gpt.Cached.NewCache(400);
        var ours = gpt.Cached.Prefill(cache, prompt);
        var ourRows = gpt.Cached.Append(cache, more).ToArray();

        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        var book = new BookGpt(gpt.Model);
        var (logits, read) = book.Append(BookGpt.Tokens(prompt), [], mask: null, rows: 1);
        using var step = new BookDecode(gpt.Model, prompt, more, batch: 1);
        var (rows, grown) = step.Append();

        Assert.InRange(SmallGpt.LargestError(logits.data<float>().ToArray(), ours), 0, LogitTolerance);
        Assert.InRange(SmallGpt.LargestError(rows.data<float>().ToArray(), ourRows), 0, LogitTolerance);
        Assert.Equal((prompt.Length, prompt.Length + added), ((int)read[0].Keys.shape[2], (int)grown[^1].Values.shape[2]));
    }

    [Fact]
    public void Every_workload_with_a_twin_has_a_step_by_the_book() =>
        Assert.All(ThisClone.Catalog.Models, entry => Assert.Null(new BookPeer().Missing(entry)));
}

using MlPerfEdu.Contract;
using MlPerfEdu.Engine.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Tests.Training;

public class TrivialAnswerTests
{
    [Theory]
    [InlineData("anomaly-ae-train", "auroc_mean_figure")]
    [InlineData("wake-vision-vww", "linear_accuracy")]
    [InlineData("micro-dlrm-train", "accuracy_popularity")]
    [InlineData("micro-gnn-train", "words_only_accuracy")]
    [InlineData("micro-rl-train", "mean_reward_coin")]
    public void The_target_is_above_what_needs_no_learning(string id, string metric)
    {
        using var workload = Embedded.Create(id);
        var target = ThisClone.Entry(id).Data[^1].QualityTarget;
        var found = workload.TrivialAnswers;
        Assert.Contains(metric, found);
        Assert.All(found, answer => Assert.False(target.IsMetBy(answer.Value), $"{answer.Key} {answer.Value} meets {target.Bound.Sign()} {target.Limit}"));
        Assert.Equal(found, workload.TrivialAnswers);
    }

    // Two classes that differ in one input's sign, and two that only the product of two inputs tells apart.
    [Fact]
    public void A_linear_model_learns_what_is_linear_and_nothing_else()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(7);
        var samples = randint(0, 2, [2000, 1, 2, 1]);
        var numbers = Numbers(samples);
        var (first, second) = (samples[.., 0, 0, 0], samples[.., 0, 1, 0]);
        Assert.Equal(1, Accuracy(first));
        Assert.InRange(Accuracy((first + second) % 2), 0.4, 0.6);

        double Accuracy(Tensor labels) => LinearModel.Accuracy(Numbers, samples, labels, numbers, labels.data<long>().ToArray(), classes: 2);
        static Tensor Numbers(Tensor rows) => rows.to(float32).mul(2).sub(1);
    }

    /// <summary>Fewer samples than inputs: the map is solved for in the space of the samples, and is the same.</summary>
    [Fact]
    public void A_linear_model_of_few_samples_is_the_textbooks()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(8);
        const int samples = 60, scored = 400, inputs = 100, classes = 3;
        Tensor known = randn(samples, inputs), asked = randn(scored, inputs), truth = randn(inputs, classes);
        Tensor labels = known.mm(truth).argmax(1), expected = asked.mm(truth).argmax(1);

        var (x, y) = (WithOne(known), nn.functional.one_hot(labels, classes).to(float64));
        var textbook = new[] { 0.001, 0.01, 0.1, 1 }.Max(penalty =>
        {
            var map = linalg.solve(x.t().mm(x) + eye(inputs + 1, dtype: float64) * (penalty * samples), x.t().mm(y));
            return WithOne(asked).mm(map).argmax(1).eq(expected).sum().item<long>() / (double)scored;
        });
        var found = LinearModel.Accuracy(rows => rows, known, labels, asked, expected.data<long>().ToArray(), classes);
        Assert.Equal(textbook, found, 0.006);
        Assert.InRange(found, 0.5, 0.9);

        static Tensor WithOne(Tensor rows) => cat([rows, ones(rows.shape[0], 1)], 1).to(float64);
    }
}

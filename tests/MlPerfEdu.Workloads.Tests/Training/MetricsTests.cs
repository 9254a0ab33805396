using MlPerfEdu.Data;
using MlPerfEdu.Engine.Training;

namespace MlPerfEdu.Workloads.Tests.Training;

public class MetricsTests
{
    [Fact]
    public void Auroc_is_the_share_of_pairs_in_the_right_order()
    {
        var random = new Xoshiro(5);
        for (var round = 0; round < 50; round++)
        {
            var scores = new float[40];
            var positive = new bool[40];
            for (var i = 0; i < scores.Length; i++)
            {
                // Few distinct values, so that ties are common.
                scores[i] = random.Below(6);
                positive[i] = i is 0 || (i > 1 && random.Chance(0.4));
            }
            Assert.Equal(BruteForce(scores, positive), Metrics.Auroc(scores, positive), 12);
        }
    }

    [Fact]
    public void Auroc_needs_both_kinds() =>
        Assert.Throws<ArgumentException>(() => Metrics.Auroc([1f, 2f], [true, true]));

    [Fact]
    public void Recall_is_per_class_and_undefined_without_examples()
    {
        var recall = Metrics.Recall([0, 1, 1, 0], [0, 0, 1, 1], classes: 3);
        Assert.Equal(0.5, recall[0]);
        Assert.Equal(0.5, recall[1]);
        Assert.True(double.IsNaN(recall[2]));
    }

    [Fact]
    public void Accuracy_counts_hits() => Assert.Equal(0.75, Metrics.Accuracy([0, 1, 2, 2], [0, 1, 2, 1]));

    static double BruteForce(float[] scores, bool[] positive)
    {
        double won = 0, pairs = 0;
        for (var p = 0; p < scores.Length; p++)
        {
            for (var n = 0; n < scores.Length; n++)
            {
                if (!positive[p] || positive[n]) continue;
                pairs++;
                won += scores[p] > scores[n] ? 1 : scores[p] == scores[n] ? 0.5 : 0;
            }
        }
        return won / pairs;
    }
}

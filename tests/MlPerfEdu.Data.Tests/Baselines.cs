using System.Text;

namespace MlPerfEdu.Data.Tests;

/// <summary>The plainest classifiers, to state how hard an embedded data set is.</summary>
static class Baselines
{
    public static double[] Mean(LabelledImages images, int label)
    {
        var sum = new double[images.PixelsPerImage];
        var count = 0;
        for (var i = 0; i < images.Count; i++)
        {
            if (images.Labels[i] != label) continue;
            count++;
            var image = images.Image(i);
            for (var p = 0; p < sum.Length; p++) sum[p] += image[p];
        }
        return [.. sum.Select(s => s / count)];
    }

    public static double SquaredDistance(ReadOnlySpan<byte> image, double[] mean)
    {
        double sum = 0;
        for (var p = 0; p < mean.Length; p++) sum += (image[p] - mean[p]) * (image[p] - mean[p]);
        return sum;
    }

    /// <summary>Share of test images nearest to the mean of their own class.</summary>
    public static double NearestMean(LabelledImages train, LabelledImages test, int classes)
    {
        var means = Enumerable.Range(0, classes).Select(c => Mean(train, c)).ToArray();
        var right = 0;
        for (var i = 0; i < test.Count; i++)
        {
            var image = test.Image(i).ToArray();
            if (Enumerable.Range(0, classes).MinBy(c => SquaredDistance(image, means[c])) == test.Labels[i]) right++;
        }
        return right / (double)test.Count;
    }

    /// <summary>The chance that an anomaly scores above a normal sample; ties count half.</summary>
    public static double Auroc(double[] scores, bool[] anomaly)
    {
        var normal = scores.Where((_, i) => !anomaly[i]).Order().ToArray();
        var anomalies = scores.Where((_, i) => anomaly[i]).ToArray();
        double above = 0;
        foreach (var score in anomalies)
        {
            var below = LowerBound(normal, score);
            above += below + (LowerBound(normal, double.BitIncrement(score)) - below) / 2.0;
        }
        return above / ((double)normal.Length * anomalies.Length);
    }

    /// <summary>Nats per symbol when its share after the same few symbols is all that was learned; unseen ones get one count of all together.</summary>
    public static double NextSymbolLoss(TextDataSet set, int context)
    {
        var counts = new Dictionary<string, int>();
        var after = new Dictionary<string, int>();
        var (train, test) = (Encoding.ASCII.GetString(set.Train), Encoding.ASCII.GetString(set.Test));
        for (var i = context; i < train.Length; i++)
        {
            counts[train[(i - context)..(i + 1)]] = counts.GetValueOrDefault(train[(i - context)..(i + 1)]) + 1;
            after[train[(i - context)..i]] = after.GetValueOrDefault(train[(i - context)..i]) + 1;
        }
        return -Enumerable.Range(context, test.Length - context).Average(i => Math.Log(
            (counts.GetValueOrDefault(test[(i - context)..(i + 1)]) + 1.0 / TextDataSet.Symbols) / (after.GetValueOrDefault(test[(i - context)..i]) + 1.0)));
    }

    static int LowerBound(double[] sorted, double value)
    {
        var (low, high) = (0, sorted.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (sorted[middle] < value) low = middle + 1;
            else high = middle;
        }
        return low;
    }
}

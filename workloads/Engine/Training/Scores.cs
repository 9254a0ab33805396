namespace MlPerfEdu.Engine.Training;

/// <summary>What one evaluation found over the whole evaluation split.</summary>
/// <param name="Metrics">Figures that workloads.yaml may set targets for, by name.</param>
/// <param name="PerClass">The same per class, such as the recall.</param>
/// <param name="Samples">How many samples were scored.</param>
public sealed record Scores(IReadOnlyDictionary<string, double> Metrics, IReadOnlyDictionary<string, double> PerClass, int Samples);

/// <summary>Quality figures over whole evaluation sets.</summary>
public static class Metrics
{
    /// <summary>
    /// Area under the ROC curve: the chance that a positive scores above a negative, ties counting one half
    /// (the Mann-Whitney statistic).
    /// </summary>
    public static double Auroc(ReadOnlySpan<float> scores, ReadOnlySpan<bool> positive)
    {
        if (scores.Length != positive.Length) throw new ArgumentException($"{scores.Length} scores for {positive.Length} labels; expected one label per score.", nameof(positive));
        var order = new int[scores.Length];
        for (var i = 0; i < order.Length; i++) order[i] = i;
        var keys = scores.ToArray();
        Array.Sort(keys, order);

        double positives = 0, rankSum = 0;
        for (var start = 0; start < keys.Length;)
        {
            var end = start + 1;
            while (end < keys.Length && keys[end] == keys[start]) end++;
            // Equal scores share the mean of their ranks, which count from 1.
            var rank = (start + 1 + end) / 2.0;
            for (var i = start; i < end; i++)
            {
                if (!positive[order[i]]) continue;
                positives++;
                rankSum += rank;
            }
            start = end;
        }
        var negatives = keys.Length - positives;
        if (positives == 0 || negatives == 0) throw new ArgumentException("AUROC needs both positives and negatives; one of them is missing.", nameof(positive));
        return (rankSum - positives * (positives + 1) / 2) / (positives * negatives);
    }

    /// <summary>The share of each class that was recognised; NaN for a class without examples.</summary>
    public static double[] Recall(ReadOnlySpan<long> predicted, ReadOnlySpan<long> actual, int classes)
    {
        var hits = new double[classes];
        var totals = new double[classes];
        for (var i = 0; i < actual.Length; i++)
        {
            totals[actual[i]]++;
            if (predicted[i] == actual[i]) hits[actual[i]]++;
        }
        for (var c = 0; c < classes; c++) hits[c] /= totals[c];
        return hits;
    }

    /// <summary>The accuracy of an answer that always is the commonest class.</summary>
    public static double CommonestClass(IReadOnlyCollection<long> actual) => actual.CountBy(label => label).Max(pair => pair.Value) / (double)actual.Count;

    public static double Accuracy(ReadOnlySpan<long> predicted, ReadOnlySpan<long> actual)
    {
        var hits = 0;
        for (var i = 0; i < actual.Length; i++)
            if (predicted[i] == actual[i]) hits++;
        return (double)hits / actual.Length;
    }
}

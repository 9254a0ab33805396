namespace MlPerfEdu.Workloads.Cloud.Gpt;

/// <summary>What is read from a row of logits.</summary>
static class Logits
{
    /// <summary>The most likely token; of equal ones the first.</summary>
    public static int Greedy(ReadOnlySpan<float> row)
    {
        var best = 0;
        for (var token = 1; token < row.Length; token++)
            if (row[token] > row[best]) best = token;
        return best;
    }

    public static float LargestDifference(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var largest = 0f;
        for (var i = 0; i < a.Length; i++)
            largest = MathF.Max(largest, MathF.Abs(a[i] - b[i]));
        return largest;
    }
}

namespace MlPerfEdu.Serving.Perplexity;

/// <summary>A step whose recent perplexity was too far above the baseline.</summary>
public readonly record struct Degradation(long Step, double Recent, double Bound);

/// <summary>Perplexity of a served model's output, over all tokens and over the last steps, and an alert when the latter rises too far above a
/// baseline. Every step updates the window's mean.</summary>
/// <param name="ratio">How far above the baseline is too far.</param>
public sealed class PerplexityTracker(int vocabulary, int window, double baseline, double ratio)
{
    const int MostAlerts = 1024;

    readonly int vocabulary = Guard.Positive(vocabulary, "vocabulary");
    // ln of the perplexity of each of the last steps.
    readonly double[] window = new double[Guard.Positive(window, "steps of the window")];
    readonly Queue<Degradation> alerts = new(MostAlerts);
    int filled;
    int at;
    double windowSum;
    double loss;

    public double Bound { get; } = Guard.Range(baseline >= 1 && double.IsFinite(baseline), "a baseline of", baseline, "1 or more")
        * Guard.Range(ratio > 1 && double.IsFinite(ratio), "a ratio of", ratio, "above 1");
    public long Steps { get; private set; }
    public long Tokens { get; private set; }
    /// <summary>Of all tokens since the start; NaN without any.</summary>
    public double Perplexity => Tokens == 0 ? double.NaN : Math.Exp(loss / Tokens);
    /// <summary>Geometric mean over the window; NaN when it is empty.</summary>
    public double Recent => filled == 0 ? double.NaN : Math.Exp(windowSum / filled);
    public bool IsDegraded => Recent > Bound;
    public IReadOnlyCollection<Degradation> Alerts => alerts;

    /// <param name="logits">(tokens, vocabulary)</param>
    /// <param name="targets">(tokens)</param>
    /// <returns>The perplexity of this step.</returns>
    public double Record(ReadOnlySpan<float> logits, ReadOnlySpan<int> targets)
    {
        Guard.NotEmpty(targets.Length, "tokens");
        Guard.Length(logits.Length, targets.Length * vocabulary, "logits");
        foreach (var target in targets)
            Guard.Index(target, vocabulary, "token");
        var loss = 0.0;
        for (var token = 0; token < targets.Length; token++)
            loss += Loss(logits.Slice(token * vocabulary, vocabulary), targets[token]);
        // One logit that is not finite makes its loss so, and with it the sum.
        if (!double.IsFinite(loss))
            Guard.Finite(logits, "logits");
        Tokens += targets.Length;
        Steps++;
        this.loss += loss;
        Push(loss / targets.Length);
        if (IsDegraded)
            Alert();
        return Math.Exp(loss / targets.Length);
    }

    public void Reset()
    {
        (filled, at, windowSum, loss, Tokens, Steps) = (0, 0, 0, 0, 0, 0);
        alerts.Clear();
    }

    // −ln softmax(logits)[target]
    static double Loss(ReadOnlySpan<float> logits, int target)
    {
        var max = Simd.FiniteMax(logits);
        return max - (double)logits[target] + Math.Log(Simd.SumOfExp(logits, max));
    }

    void Push(double loss)
    {
        if (filled < window.Length)
            filled++;
        else
            windowSum -= window[at];
        window[at] = loss;
        windowSum += loss;
        if (++at < window.Length)
            return;
        at = 0;
        // Adding and subtracting accumulates rounding errors: after each round the sum is recomputed.
        windowSum = window.Sum();
    }

    void Alert()
    {
        if (alerts.Count == MostAlerts)
            alerts.Dequeue();
        alerts.Enqueue(new(Steps, Recent, Bound));
    }
}

[Kernels("perplexity")]
public sealed class PerplexityKernels : IKernels
{
    const int Tokens = 16;
    internal const int Vocabulary = 1000;

    public IEnumerable<Kernel> Kernels()
    {
        var random = new RandomData(42);
        var (logits, targets) = (random.Normals(Tokens * Vocabulary), Enumerable.Range(0, Tokens).ToArray());
        var tracker = new PerplexityTracker(Vocabulary, 50, 10, 1.5);
        yield return new("record", () => tracker.Record(logits, targets)) { Bytes = sizeof(float) * (double)logits.Length };
        var full = new PerplexityTracker(Vocabulary, 50, 10, 1.5);
        for (var step = 0; step < 50; step++)
            full.Record(logits, targets);
        var recent = 0.0;
        yield return new("recent", () => recent += full.Recent);
    }
}

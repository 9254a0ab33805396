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

    /// <summary>The loss of one token by the formula, in double; the oracle.</summary>
    public static double PlainLoss(ReadOnlySpan<float> logits, int target)
    {
        double max = float.NegativeInfinity, sum = 0;
        foreach (var logit in logits)
            max = Math.Max(max, logit);
        foreach (var logit in logits)
            sum += Math.Exp(logit - max);
        return max + Math.Log(sum) - logits[target];
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
    const int Vocabulary = 1000;

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

    public IEnumerable<KernelInvariant> Invariants()
    {
        var (check, random) = (new Trials(), new RandomData(21));
        var tracker = new PerplexityTracker(40, 7, 30, 1.5);
        List<double> losses = [], ofTokens = [];
        for (var time = 0; time < 2000; time++)
        {
            int[] targets = [.. Enumerable.Range(0, random.Between(1, 5)).Select(_ => random.Below(40))];
            float[] logits = [.. random.Normals(targets.Length * 40).Select(value => 3 * value)];
            var (before, perplexity) = (tracker.Alerts.Count, tracker.Record(logits, targets));
            double[] plain = [.. targets.Select((target, at) => PerplexityTracker.PlainLoss(logits.AsSpan(at * 40, 40), target))];
            losses.Add(plain.Average());
            ofTokens.AddRange(plain);
            var expected = Math.Exp(losses.TakeLast(7).Average());
            check.AtMost("a step's perplexity is that of the plain form", 1e-5, Math.Abs(1 - perplexity / Math.Exp(plain.Average())));
            check.AtMost("so is that of all tokens", 1e-5, Math.Abs(1 - tracker.Perplexity / Math.Exp(ofTokens.Average())));
            check.AtMost("the window's perplexity is the geometric mean of its steps", 1e-5, Math.Abs(1 - tracker.Recent / expected));
            check.True("a step is an alert when the window is above the bound",
                before == 1024 || tracker.Alerts.Count - before == (expected > 45 ? 1 : 0));
        }
        check.AtMost("a reset leaves nothing of what was before", 0, AfterReset(random));
        check.True("at the bound is not above it", IsAboveOnlyBeyondBound(random));
        check.AtMost("uniform logits have the size of the vocabulary as their perplexity", 1e-6,
            Math.Abs(1 - new PerplexityTracker(1000, 1, 1, 2).Record(new float[1000], [7]) / 1000));
        float[] peaked = new float[50];
        peaked[3] = 20;
        check.AtMost("a sure and right model has the perplexity 1", 1e-6, new PerplexityTracker(50, 1, 1, 2).Record(peaked, [3]) - 1);
        return check.Invariants;
    }

    static double AfterReset(RandomData random)
    {
        var (used, fresh) = (new PerplexityTracker(Vocabulary, 3, 10, 1.5), new PerplexityTracker(Vocabulary, 3, 10, 1.5));
        for (var step = 0; step < 5; step++)
            used.Record(random.Normals(Vocabulary), [1]);
        used.Reset();
        var largest = 0.0;
        for (var step = 0; step < 5; step++)
        {
            var logits = random.Normals(Vocabulary);
            used.Record(logits, [2]);
            fresh.Record(logits, [2]);
            largest = Math.Max(largest, Math.Abs(used.Perplexity - fresh.Perplexity) + Math.Abs(used.Recent - fresh.Recent));
        }
        return largest + Math.Abs(used.Steps - fresh.Steps) + Math.Abs(used.Alerts.Count - fresh.Alerts.Count);
    }

    static bool IsAboveOnlyBeyondBound(RandomData random)
    {
        var logits = random.Normals(Vocabulary);
        var perplexity = new PerplexityTracker(Vocabulary, 1, 1, 2).Record(logits, [0]);
        return !IsDegraded(perplexity / 2) && IsDegraded(Math.BitDecrement(perplexity / 2));

        bool IsDegraded(double baseline)
        {
            var tracker = new PerplexityTracker(Vocabulary, 1, baseline, 2);
            tracker.Record(logits, [0]);
            return tracker.IsDegraded && tracker.Alerts.Count == 1;
        }
    }
}

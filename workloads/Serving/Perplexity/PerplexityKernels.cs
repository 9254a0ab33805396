using MlPerfEdu.Serving.Numerics;

namespace MlPerfEdu.Serving.Perplexity;

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

    public IEnumerable<Invariant> Invariants()
    {
        var random = new RandomData(21);
        var (step, overall, recent, alerts) = (0.0, 0.0, 0.0, 0);
        var tracker = new PerplexityTracker(40, 7, 30, 1.5);
        List<double> losses = [], ofTokens = [];
        for (var time = 0; time < 2000; time++)
        {
            int[] targets = [.. Enumerable.Range(0, random.Between(1, 5)).Select(_ => random.Below(40))];
            float[] logits = [.. random.Normals(targets.Length * 40).Select(value => 3 * value)];
            var (before, found) = (tracker.Alerts.Count, tracker.Record(logits, targets));
            double[] plain = [.. targets.Select((target, at) => PerplexityTracker.PlainLoss(logits.AsSpan(at * 40, 40), target))];
            losses.Add(plain.Average());
            ofTokens.AddRange(plain);
            var expected = Math.Exp(losses.TakeLast(7).Average());
            step = Math.Max(step, Math.Abs(1 - found / Math.Exp(plain.Average())));
            overall = Math.Max(overall, Math.Abs(1 - tracker.Perplexity / Math.Exp(ofTokens.Average())));
            recent = Math.Max(recent, Math.Abs(1 - tracker.Recent / expected));
            alerts += before == 1024 || tracker.Alerts.Count - before == (expected > 45 ? 1 : 0) ? 0 : 1;
        }
        yield return Invariant.AtMost("a step's perplexity is that of the plain form", step, 1e-5);
        yield return Invariant.AtMost("so is that of all tokens", overall, 1e-5);
        yield return Invariant.AtMost("the window's perplexity is the geometric mean of its steps", recent, 1e-5);
        yield return Invariant.None("a step is an alert when the window is above the bound", alerts);
        yield return Invariant.AtMost("after a reset nothing is left of what was before", AfterReset(random), 0);
        yield return Invariant.None("at the bound is not above it", WrongAtBound(random));
        yield return Invariant.AtMost("uniform logits have the size of the vocabulary as their perplexity",
            Math.Abs(1 - new PerplexityTracker(1000, 1, 1, 2).Record(new float[1000], [7]) / 1000), 1e-6);
        float[] peaked = new float[50];
        peaked[3] = 20;
        yield return Invariant.AtMost("a sure and right model has the perplexity 1",
            new PerplexityTracker(50, 1, 1, 2).Record(peaked, [3]) - 1, 1e-6);
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

    static int WrongAtBound(RandomData random)
    {
        var logits = random.Normals(Vocabulary);
        var perplexity = new PerplexityTracker(Vocabulary, 1, 1, 2).Record(logits, [0]);
        return (IsDegraded(perplexity / 2) ? 1 : 0) + (IsDegraded(Math.BitDecrement(perplexity / 2)) ? 0 : 1);

        bool IsDegraded(double baseline)
        {
            var tracker = new PerplexityTracker(Vocabulary, 1, baseline, 2);
            tracker.Record(logits, [0]);
            return tracker.IsDegraded && tracker.Alerts.Count == 1;
        }
    }
}

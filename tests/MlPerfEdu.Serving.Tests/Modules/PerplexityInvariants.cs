using MlPerfEdu.Serving.Perplexity;
using static MlPerfEdu.Serving.Perplexity.PerplexityKernels;

namespace MlPerfEdu.Serving.Tests.Modules;

[InvariantsOf("perplexity")]
sealed class PerplexityInvariants : IInvariants
{
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
            double[] plain = [.. targets.Select((target, at) => PlainLoss(logits.AsSpan(at * 40, 40), target))];
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

    // The loss of one token by the formula, in double.
    static double PlainLoss(ReadOnlySpan<float> logits, int target)
    {
        double max = float.NegativeInfinity, sum = 0;
        foreach (var logit in logits)
            max = Math.Max(max, logit);
        foreach (var logit in logits)
            sum += Math.Exp(logit - max);
        return max + Math.Log(sum) - logits[target];
    }
}

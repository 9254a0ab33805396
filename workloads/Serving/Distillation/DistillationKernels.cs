using MlPerfEdu.Serving.Numerics;

namespace MlPerfEdu.Serving.Distillation;

[Kernels("distillation")]
public sealed class DistillationKernels : IKernels
{
    const int Vocabulary = 1000;

    public IEnumerable<Kernel> Kernels()
    {
        var random = new RandomData(42);
        foreach (var positions in new[] { 1, 8 })
        {
            var calibrator = new DistillationCalibrator(Vocabulary, 2);
            var (draft, target) = (random.Normals(positions * Vocabulary), random.Normals(positions * Vocabulary));
            yield return new($"record-step-{positions}", () => calibrator.Record(draft, target))
            {
                Bytes = 2.0 * sizeof(float) * draft.Length,
            };
        }
        var recorded = new DistillationCalibrator(Vocabulary, 2);
        recorded.Record(random.Normals(Vocabulary), random.Normals(Vocabulary));
        var delta = new float[Vocabulary];
        yield return new("compute-delta", () => recorded.ComputeDelta(1e-3f, delta))
        {
            Flops = Vocabulary,
            Bytes = 2.0 * sizeof(float) * Vocabulary,
        };
    }

    public IEnumerable<Invariant> Invariants()
    {
        var (steps, gradients, sums, same) = (0.0, 0.0, 0.0, 0.0);
        var random = new RandomData(27);
        for (var trial = 0; trial < 100; trial++)
        {
            var (vocabulary, positions) = (random.Between(2, 200), random.Between(1, 5));
            var calibrator = new DistillationCalibrator(vocabulary, (float)(0.5 + 3 * random.Share()));
            var (draft, target) = (Logits(random, positions * vocabulary), Logits(random, positions * vocabulary));
            var delta = new float[vocabulary];
            var found = calibrator.Record(draft, target);
            var (divergence, acceptance, gradient) = (0.0, 0.0, new double[vocabulary]);
            for (var position = 0; position < positions; position++)
            {
                var (from, ofOne) = (position * vocabulary, new double[vocabulary]);
                var plain = calibrator.Plain(draft.AsSpan(from, vocabulary), target.AsSpan(from, vocabulary), ofOne);
                divergence += plain.Divergence / positions;
                acceptance += plain.Acceptance / positions;
                for (var token = 0; token < vocabulary; token++)
                    gradient[token] += ofOne[token] / positions;
            }
            steps = Math.Max(steps, Math.Abs(found.Divergence - divergence) / (1 + divergence) + Math.Abs(found.Acceptance - acceptance));
            calibrator.ComputeDelta(1, delta);
            gradients = Math.Max(gradients, Difference.Largest([.. gradient.Select(value => (float)-value)], delta));
            sums = Math.Max(sums, Math.Abs(delta.Sum(value => (double)value)));
            var alike = calibrator.Record(draft, draft);
            same = Math.Max(same, alike.Divergence + Math.Abs(1 - alike.Acceptance));
        }
        yield return Invariant.AtMost("divergence and acceptance are those of the plain form", steps, 2e-5);
        yield return Invariant.AtMost("so is the gradient", gradients, 1e-6);
        yield return Invariant.AtMost("the gradient sums to 0: logits matter up to a constant", sums, 1e-5);
        yield return Invariant.AtMost("a draft like its target diverges by nothing and is always accepted", same, 1e-5);
        yield return Fitted(random);
    }

    static Invariant Fitted(RandomData random)
    {
        var calibrator = new DistillationCalibrator(50, 2);
        float[] draft = Logits(random, 50), target = Logits(random, 50), delta = new float[50];
        var first = calibrator.Record(draft, target);
        var (last, rising) = (first, 0);
        for (var step = 0; step < 500; step++)
        {
            calibrator.ComputeDelta(20, delta);
            calibrator.Reset();
            draft = [.. draft.Zip(delta, (logit, change) => logit + change)];
            var next = calibrator.Record(draft, target);
            rising += next.Divergence > last.Divergence + 1e-6 ? 1 : 0;
            last = next;
        }
        return new("applied again and again, the change brings the divergence to a hundredth and never raises it",
            rising == 0 && last.Divergence < first.Divergence / 100 && last.Acceptance > first.Acceptance,
            $"{first.Divergence:0.####} to {last.Divergence:0.####}, {rising} steps upwards");
    }

    static float[] Logits(RandomData random, int count) => [.. random.Normals(count).Select(value => 2 * value)];
}

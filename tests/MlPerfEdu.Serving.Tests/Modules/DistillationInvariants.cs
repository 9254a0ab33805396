using MlPerfEdu.Serving.Distillation;

namespace MlPerfEdu.Serving.Tests.Modules;

[InvariantsOf("distillation")]
sealed class DistillationInvariants : IInvariants
{
    public IEnumerable<KernelInvariant> Invariants()
    {
        var (check, random) = (new Trials(), new RandomData(27));
        for (var trial = 0; trial < 100; trial++)
        {
            var (vocabulary, positions) = (random.Between(2, 200), random.Between(1, 5));
            var calibrator = new DistillationCalibrator(vocabulary, (float)(0.5 + 3 * random.Share()));
            var (draft, target) = (Logits(random, positions * vocabulary), Logits(random, positions * vocabulary));
            var delta = new float[vocabulary];
            var step = calibrator.Record(draft, target);
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
            check.AtMost("divergence and acceptance are those of the plain form", 2e-5,
                Math.Abs(step.Divergence - divergence) / (1 + divergence) + Math.Abs(step.Acceptance - acceptance));
            calibrator.ComputeDelta(1, delta);
            check.AtMost("so is the gradient", 1e-6, Difference.Largest([.. gradient.Select(value => (float)-value)], delta));
            check.AtMost("the gradient sums to 0: logits matter up to a constant", 1e-5, Math.Abs(delta.Sum(value => (double)value)));
            var same = calibrator.Record(draft, draft);
            check.AtMost("a draft like its target diverges by nothing and is always accepted", 1e-5, same.Divergence + Math.Abs(1 - same.Acceptance));
        }
        return [.. check.Invariants, Fitted(random)];
    }

    static KernelInvariant Fitted(RandomData random)
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
        return new("applied repeatedly, the change brings the divergence to a hundredth and never raises it",
            rising == 0 && last.Divergence < first.Divergence / 100 && last.Acceptance > first.Acceptance,
            $"{first.Divergence:0.####} to {last.Divergence:0.####}, {rising} steps upwards");
    }

    static float[] Logits(RandomData random, int count) => [.. random.Normals(count).Select(value => 2 * value)];
}

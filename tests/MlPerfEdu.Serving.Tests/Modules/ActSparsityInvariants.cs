using MlPerfEdu.Serving.ActSparsity;
using static MlPerfEdu.Serving.ActSparsity.ActSparsityKernels;

namespace MlPerfEdu.Serving.Tests.Modules;

[InvariantsOf("act-sparsity")]
sealed class ActSparsityInvariants : IInvariants
{
    public IEnumerable<KernelInvariant> Invariants()
    {
        var random = new RandomData(8);
        var predictor = new SparsityPredictor(Layers, Threshold);
        predictor.Record(0, random.Normals(1_000_000));
        // 2Φ(0.01) − 1
        yield return KernelInvariant.AtMost("N(0,1) is below 0.01 as often as its distribution says", Math.Abs(predictor.Sparsity(0) - 0.00797871), 5e-4);
        yield return KernelInvariant.True("counts what a loop counts, for any length", 300, () =>
        {
            var values = WithSomeAtThreshold(random);
            return SparsityPredictor.CountSmall(values, 0.5f, out bool _) == values.Count(value => Math.Abs(value) < 0.5f);
        });
        yield return KernelInvariant.True("sees one number that is not finite, at any place", 300, () =>
        {
            var values = random.Normals(random.Between(1, 200));
            SparsityPredictor.CountSmall(values, 0.5f, out var before);
            values[random.Below(values.Length)] = random.Below(2) == 0 ? float.NaN : float.NegativeInfinity;
            SparsityPredictor.CountSmall(values, 0.5f, out var after);
            return before && !after;
        });
        yield return KernelInvariant.True("what passes a gate is unchanged and not small, the rest is zero", 300, () =>
        {
            var values = WithSomeAtThreshold(random);
            var (output, gate) = (new float[values.Length], new SparseGate(0.5f));
            gate.Apply(values, output);
            return values.Zip(output).All(pair => pair.Second == (Math.Abs(pair.First) >= 0.5f ? pair.First : 0))
                && gate.Kept == (double)values.Count(value => Math.Abs(value) >= 0.5f) / values.Length;
        });
        yield return KernelInvariant.None("each layer has its own counts, over all that was recorded of it", WrongLayers(random));
        var unseen = new SparsityPredictor(Layers, Threshold, least: 0.25);
        yield return KernelInvariant.True("a layer that was never seen has the least sparsity", unseen.Sparsity(3) == 0.25);
    }

    static int WrongLayers(RandomData random)
    {
        var predictor = new SparsityPredictor(Layers, 0.5f);
        var expected = Enumerable.Range(0, Layers).Select(_ => new List<float>()).ToList();
        for (var record = 0; record < 50; record++)
        {
            var (layer, values) = (random.Below(Layers), WithSomeAtThreshold(random));
            predictor.Record(layer, values);
            expected[layer].AddRange(values);
        }
        var sparsities = new double[Layers];
        predictor.Calibrate(sparsities);
        return expected.Select((values, layer) => (double)values.Count(value => Math.Abs(value) < 0.5f) / values.Count != sparsities[layer])
            .Count(isWrong => isWrong);
    }

    // Just at the threshold of 0.5 is not below it.
    static float[] WithSomeAtThreshold(RandomData random) => [.. random.Normals(random.Between(1, 200))
        .Select(value => random.Below(4) == 0 ? MathF.CopySign(0.5f, value) : value)];
}

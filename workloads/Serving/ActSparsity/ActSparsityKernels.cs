using MlPerfEdu.Serving.Numerics;

namespace MlPerfEdu.Serving.ActSparsity;

[Kernels("act-sparsity")]
public sealed class ActSparsityKernels : IKernels
{
    const float Threshold = 0.01f;
    const int Layers = 4;

    public IEnumerable<Kernel> Kernels()
    {
        var activations = new AlignedBuffer<float>(new RandomData(42).Normals(16 * 256));
        var output = new AlignedBuffer<float>(activations.Length);
        var (predictor, sparsities, gate) = (new SparsityPredictor(Layers, Threshold), new double[Layers], new SparseGate(Threshold));
        return
        [
            new("record", () => predictor.Record(0, activations.Span)) { Bytes = activations.Length * sizeof(float) },
            new("calibrate", () => predictor.Calibrate(sparsities)),
            new("gate", () => gate.Apply(activations.Span, output.Span)) { Bytes = 2 * activations.Length * sizeof(float) },
        ];
    }

    public IEnumerable<Invariant> Invariants()
    {
        var random = new RandomData(8);
        var predictor = new SparsityPredictor(Layers, Threshold);
        predictor.Record(0, random.Normals(1_000_000));
        // 2Φ(0.01) − 1
        yield return Invariant.AtMost("N(0,1) is below 0.01 as often as its distribution says",
            Math.Abs(predictor.Sparsity(0) - 0.00797871), 5e-4);
        yield return Invariant.None("counts what a loop counts, whatever the length", Enumerable.Range(0, 300).Count(_ =>
        {
            var values = WithSomeAtThreshold(random);
            return SparsityPredictor.CountSmall(values, 0.5f, out bool _) != values.Count(value => Math.Abs(value) < 0.5f);
        }));
        yield return Invariant.None("sees one number that is none, wherever it stands", Enumerable.Range(0, 300).Count(_ =>
        {
            var values = random.Normals(random.Between(1, 200));
            SparsityPredictor.CountSmall(values, 0.5f, out var before);
            values[random.Below(values.Length)] = random.Below(2) == 0 ? float.NaN : float.NegativeInfinity;
            SparsityPredictor.CountSmall(values, 0.5f, out var after);
            return !before || after;
        }));
        yield return Invariant.None("what passes a gate is as it was and not small, what does not is zero",
            Enumerable.Range(0, 300).Count(_ =>
        {
            var values = WithSomeAtThreshold(random);
            var (output, gate) = (new float[values.Length], new SparseGate(0.5f));
            gate.Apply(values, output);
            return values.Zip(output).Any(pair => pair.Second != (Math.Abs(pair.First) >= 0.5f ? pair.First : 0))
                || gate.Kept != (double)values.Count(value => Math.Abs(value) >= 0.5f) / values.Length;
        }));
        yield return Invariant.None("each layer has counts of its own, over all that was recorded of it", WrongLayers(random));
        var unseen = new SparsityPredictor(Layers, Threshold, least: 0.25);
        yield return Invariant.None("a layer that was never seen has the least sparsity", unseen.Sparsity(3) == 0.25 ? 0 : 1);
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

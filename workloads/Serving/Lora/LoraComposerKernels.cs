using MlPerfEdu.Serving.Numerics;

namespace MlPerfEdu.Serving.Lora;

[Kernels("lora-composer")]
public sealed class LoraComposerKernels : IKernels
{
    const int Width = 256;
    const int Rank = 16;

    public IEnumerable<Kernel> Kernels()
    {
        const int rows = 8;
        var random = new RandomData(42);
        var composer = new LoraComposer(Width, Width);
        AdapterWeight[] weights = [new("law", 0.5f), new("code", 0.3f), new("poems", 0.2f)];
        foreach (var (id, _) in weights)
            composer.Add(id, LoraAdapter.Random(random, Width, Rank, Width));
        var (x, y) = (random.Normals(rows * Width), new float[rows * Width]);
        yield return Of("forward-weighted", () => composer.Forward(x, weights, y));
        yield return Of("forward-equal", () => composer.Forward(x, y));

        Kernel Of(string operation, Action call) => new(operation, call)
        {
            Flops = weights.Length * 4.0 * rows * Width * Rank,
            Bytes = sizeof(float) * (weights.Length * 2.0 * Rank * Width + 2 * rows * Width),
        };
    }

    public IEnumerable<Invariant> Invariants()
    {
        var (toPlain, equal, linear) = (0.0, 0.0, 0.0);
        var random = new RandomData(16);
        for (var trial = 0; trial < 100; trial++)
        {
            var (rows, inputs, outputs) = (random.Between(1, 9), random.Between(1, 90), random.Between(1, 90));
            var x = random.Normals(rows * inputs);
            var composer = new LoraComposer(inputs, outputs);
            var (expected, mean) = (new double[rows * outputs], new double[rows * outputs]);
            var weights = new AdapterWeight[random.Between(1, 4)];
            for (var index = 0; index < weights.Length; index++)
            {
                weights[index] = new($"adapter {index}", random.Normal());
                var adapter = LoraAdapter.Random(random, inputs, random.Between(1, 20), outputs);
                composer.Add(weights[index].Id, adapter);
                var delta = adapter.PlainDelta(x, 2);
                for (var at = 0; at < delta.Length; at++)
                {
                    expected[at] += weights[index].Weight * (double)delta[at];
                    mean[at] += delta[at] / (double)weights.Length;
                }
            }
            var (y, twice) = (new float[rows * outputs], new float[rows * outputs]);
            composer.Forward(x, weights, y);
            toPlain = Math.Max(toPlain, Difference.Relative(Narrow(expected), y));
            composer.Forward(x, [.. weights.Select(weight => weight with { Weight = 2 * weight.Weight })], twice);
            linear = Math.Max(linear, Difference.Relative(twice, [.. y.Select(value => 2 * value)]));
            composer.Forward(x, y);
            equal = Math.Max(equal, Difference.Relative(Narrow(mean), y));
        }
        yield return Invariant.AtMost("equals the weighted sum of plain changes", toPlain, 1e-5);
        yield return Invariant.AtMost("without weights equals their mean", equal, 1e-5);
        yield return Invariant.AtMost("is linear in the weights", linear, 1e-6);
    }

    static float[] Narrow(double[] values) => [.. values.Select(value => (float)value)];
}

using MlPerfEdu.Serving.Lora;

namespace MlPerfEdu.Serving.Tests.Modules;

[InvariantsOf("lora-composer")]
sealed class LoraComposerInvariants : IInvariants
{
    public IEnumerable<KernelInvariant> Invariants() => Trials.Run(seed: 16, trials: 100, (random, check) =>
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
        check.AtMost("equals the weighted sum of plain changes", 1e-5, Difference.Relative(Narrow(expected), y));
        composer.Forward(x, [.. weights.Select(weight => weight with { Weight = 2 * weight.Weight })], twice);
        check.AtMost("is linear in the weights", 1e-6, Difference.Relative(twice, [.. y.Select(value => 2 * value)]));
        composer.Forward(x, y);
        check.AtMost("without weights equals their mean", 1e-5, Difference.Relative(Narrow(mean), y));
    });

    static float[] Narrow(double[] values) => [.. values.Select(value => (float)value)];
}

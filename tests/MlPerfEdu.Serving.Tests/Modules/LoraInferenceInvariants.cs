using MlPerfEdu.Serving.Lora;

namespace MlPerfEdu.Serving.Tests.Modules;

[InvariantsOf("lora-inference")]
sealed class LoraInferenceInvariants : IInvariants
{
    public IEnumerable<KernelInvariant> Invariants() => Trials.Run(seed: 10, trials: 200, (random, check) =>
    {
        var (rows, rank) = (random.Between(1, 12), random.Between(1, 20));
        var (inputs, outputs) = (random.Between(1, 140), random.Between(1, 140));
        var (x, w) = (random.Normals(rows * inputs), random.Normals(inputs * outputs));
        var (plain, output, y) = (new float[rows * outputs], new float[rows * outputs], new float[rows * outputs]);
        Product.Plain(x, w, plain, rows, inputs, outputs);
        Product.Into(x, w, output, rows, inputs, outputs);
        check.AtMost("products equal the plain form for any shape", 1e-5, Difference.Relative(plain, output));

        var adapter = LoraAdapter.Random(random, inputs, rank, outputs);
        var lora = new LoraInference();
        lora.Add("layer", adapter);
        // Of an earlier call nothing may be left.
        var others = random.Normals(x.Length);
        lora.Apply("layer", others, output, y);
        lora.Apply("layer", x, output, y);
        float[] before = adapter.PlainDelta(others, 2), change = adapter.PlainDelta(x, 2);
        float[] expected = [.. output.Zip(change, (a, b) => a + b)];
        check.AtMost("the applied change equals the plain form", 1e-5, Difference.Relative(expected, y));
        check.AtMost("the mean norm is that of the changes, relative", 1e-5,
            Math.Abs(1 - lora.MeanDeltaNorm / ((Norm(before) + Norm(change)) / 2)));

        Product.Into(x, lora.Merge(new Dictionary<string, float[]> { ["layer"] = w })["layer"], output, rows, inputs, outputs);
        check.AtMost("merged and applied adapters give the same", 1e-5, Difference.Relative(y, output));

        var idle = new LoraInference();
        idle.Add("layer", new(inputs, rank, outputs, 2, random.Normals(inputs * rank), new float[rank * outputs]));
        idle.Apply("layer", x, output, y);
        check.AtMost("B of zeros changes nothing", 0, Difference.Largest(output, y));
    });

    static double Norm(float[] values) => Math.Sqrt(values.Sum(value => (double)value * value));
}

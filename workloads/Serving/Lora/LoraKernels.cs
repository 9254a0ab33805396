namespace MlPerfEdu.Serving.Lora;

[Kernels("lora-inference")]
public sealed class LoraInferenceKernels : IKernels
{
    const int Width = 256;
    const int Rank = 16;

    public IEnumerable<Kernel> Kernels()
    {
        const int rows = 8;
        var random = new RandomData(42);
        var lora = new LoraInference();
        lora.Add("q_proj", LoraAdapter.Random(random, Width, Rank, Width));
        var (x, output, y) = (random.Normals(rows * Width), random.Normals(rows * Width), new float[rows * Width]);
        yield return new("apply", () => lora.Apply("q_proj", x, output, y))
            { Flops = 4.0 * rows * Width * Rank, Bytes = sizeof(float) * (2.0 * Rank * Width + 3 * rows * Width) };
        var w = new AlignedBuffer<float>(random.Normals(Width * Width));
        var merged = new AlignedBuffer<float>(Width * Width);
        yield return new("merge", () => lora.Merge("q_proj", w.Span, merged.Span))
            { Flops = 2.0 * Width * Width * Rank, Bytes = sizeof(float) * 2.0 * (Width * Width + Rank * Width) };
    }

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
            { Flops = weights.Length * 4.0 * rows * Width * Rank, Bytes = sizeof(float) * (weights.Length * 2.0 * Rank * Width + 2 * rows * Width) };
    }

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

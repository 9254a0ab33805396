using MlPerfEdu.Serving.Numerics;

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
        {
            Flops = 4.0 * rows * Width * Rank,
            Bytes = sizeof(float) * (2.0 * Rank * Width + 3 * rows * Width),
        };
        var w = new AlignedBuffer<float>(random.Normals(Width * Width));
        var merged = new AlignedBuffer<float>(Width * Width);
        yield return new("merge", () => lora.Merge("q_proj", w.Span, merged.Span))
        {
            Flops = 2.0 * Width * Width * Rank,
            Bytes = sizeof(float) * 2.0 * (Width * Width + Rank * Width),
        };
    }

    public IEnumerable<Invariant> Invariants()
    {
        var (products, applied, norms, merged, ofZeros) = (0.0, 0.0, 0.0, 0.0, 0.0);
        var random = new RandomData(10);
        for (var trial = 0; trial < 200; trial++)
        {
            var (rows, rank) = (random.Between(1, 12), random.Between(1, 20));
            var (inputs, outputs) = (random.Between(1, 140), random.Between(1, 140));
            var (x, w) = (random.Normals(rows * inputs), random.Normals(inputs * outputs));
            var (plain, output, y) = (new float[rows * outputs], new float[rows * outputs], new float[rows * outputs]);
            Product.Plain(x, w, plain, rows, inputs, outputs);
            Product.Into(x, w, output, rows, inputs, outputs);
            products = Math.Max(products, Difference.Relative(plain, output));

            var adapter = LoraAdapter.Random(random, inputs, rank, outputs);
            var lora = new LoraInference();
            lora.Add("layer", adapter);
            // Of an earlier call nothing may be left.
            var others = random.Normals(x.Length);
            lora.Apply("layer", others, output, y);
            lora.Apply("layer", x, output, y);
            float[] before = adapter.PlainDelta(others, 2), change = adapter.PlainDelta(x, 2);
            norms = Math.Max(norms, Math.Abs(1 - lora.MeanDeltaNorm / ((Norm(before) + Norm(change)) / 2)));
            float[] expected = [.. output.Zip(change, (a, b) => a + b)];
            applied = Math.Max(applied, Difference.Relative(expected, y));

            Product.Into(x, lora.Merge(new Dictionary<string, float[]> { ["layer"] = w })["layer"], output, rows, inputs, outputs);
            merged = Math.Max(merged, Difference.Relative(y, output));

            var idle = new LoraInference();
            idle.Add("layer", new(inputs, rank, outputs, 2, random.Normals(inputs * rank), new float[rank * outputs]));
            idle.Apply("layer", x, output, y);
            ofZeros = Math.Max(ofZeros, Difference.Largest(output, y));
        }
        yield return Invariant.AtMost("products equal the plain form for any shape", products, 1e-5);
        yield return Invariant.AtMost("the applied change equals the plain form", applied, 1e-5);
        yield return Invariant.AtMost("the mean norm is that of the changes, relative", norms, 1e-5);
        yield return Invariant.AtMost("merged and applied adapters give the same", merged, 1e-5);
        yield return Invariant.AtMost("B of zeros changes nothing", ofZeros, 0);
    }

    static double Norm(float[] values) => Math.Sqrt(values.Sum(value => (double)value * value));
}

namespace MlPerfEdu.Serving.Merging;

[Kernels("model-merger")]
public sealed class ModelMergerKernels : IKernels
{
    const int Size = 256 * 256;

    public IEnumerable<Kernel> Kernels()
    {
        var random = new RandomData(42);
        var (a, b) = (random.Normals(Size), random.Normals(Size));
        var (alignedA, alignedB, merged) = (new AlignedBuffer<float>(a), new AlignedBuffer<float>(b), new AlignedBuffer<float>(Size));
        yield return Of("slerp", 1, () => Slerp.Into(alignedA.Span, alignedB.Span, 0.5f, merged.Span));
        Dictionary<string, float[]> first = new() { ["q"] = a, ["v"] = a }, second = new() { ["q"] = b, ["v"] = b };
        var merger = new ModelMerger();
        yield return Of("merge", 2, () => merger.Merge(first, second, 0.5f));
    }

    // Three multiply-adds in the sums, one and a half in the blend.
    static Kernel Of(string operation, int weights, Action call) => new(operation, call)
        { Flops = 9.0 * Size * weights, Bytes = 3.0 * sizeof(float) * Size * weights };
}

namespace MlPerfEdu.Serving.Prefixes;

[Kernels("prefix-pool")]
public sealed class PrefixPoolKernels : IKernels
{
    public IEnumerable<Kernel> Kernels()
    {
        var pool = new PrefixPool<float[]>(128);
        int[] tokens = [.. Enumerable.Range(0, 16)];
        int[] absent = [.. Enumerable.Range(100, 20)];
        var blocks = new float[2 * 2 * 16 * 64];
        pool.Put(tokens, blocks);
        yield return new("put", () => pool.Put(tokens, blocks));
        yield return new("get-hit", () => pool.TryGet(tokens, out _));
        yield return new("get-miss", () => pool.TryGet(absent, out _));
        int[] longer = [.. tokens, .. absent];
        yield return new("get-longest", () => pool.TryGetLongest(longer, out _));
    }
}

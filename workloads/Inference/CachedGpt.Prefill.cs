using MlPerfEdu.Workloads.Cloud.NanoGpt;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Inference;

// Many tokens at once are matrix products, which libtorch does best.
public sealed partial class CachedGpt
{
    /// <summary>Queries whose scores are computed together; what they may not see beyond the last of them is never computed.</summary>
    public const int PrefillBlock = 256;

    /// <summary>Appends a prompt to a cache.</summary>
    /// <returns>The logits after its last token, [V].</returns>
    public float[] Prefill(KeyValueCache cache, ReadOnlySpan<int> prompt)
    {
        cache.Require(prompt.Length);
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        // [T, D]
        var x = model.Embed(tensor(Array.ConvertAll(prompt.ToArray(), token => (long)token)).unsqueeze(0), cache.Length)
            .view(prompt.Length, geometry.Width);
        for (var layer = 0; layer < geometry.Layers; layer++)
        {
            using var layerScope = NewDisposeScope();
            x = Through(model.Layers[layer], layer, x, cache).MoveToOuterDisposeScope();
        }

        cache.Advance(prompt.Length);
        return model.Classify(x.narrow(0, prompt.Length - 1, 1)).data<float>().ToArray();
    }

    Tensor Through(NanoGptLayer layer, int index, Tensor x, KeyValueCache cache)
    {
        var (start, length) = (cache.Length, x.shape[0]);
        // [T, 3·D] → [3, H, T, d]
        var parts = layer.QueryKeyValue(x).view(length, 3, geometry.Heads, geometry.Head).permute(1, 2, 0, 3);
        Tensor keys = cache.Keys(index), values = cache.Values(index), queries = parts[0].contiguous();
        keys.narrow(1, start, length).copy_(parts[1]);
        values.narrow(1, start, length).copy_(parts[2]);

        var scale = (float)(1 / Math.Sqrt(geometry.Head));
        // [T, H, d]
        var found = empty(length, geometry.Heads, geometry.Head);
        for (long from = 0; from < length; from += PrefillBlock)
        {
            using var block = NewDisposeScope();
            var size = Math.Min(PrefillBlock, length - from);
            var seen = start + from + size;
            // [size, seen]: what is later than a query lies among its own block.
            using var mask = full(size, seen, float.NegativeInfinity).triu_(seen - size + 1);
            var scores = mask.baddbmm(queries.narrow(1, from, size), keys.narrow(1, 0, seen).transpose(1, 2), alpha: scale);
            // [H, size, d]
            var attended = scores.softmax(-1).bmm(values.narrow(1, 0, seen));
            found.narrow(0, from, size).copy_(attended.transpose(0, 1));
        }

        return layer.Mlp(layer.Project(found.view(length, geometry.Width), x));
    }
}

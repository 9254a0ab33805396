using MlPerfEdu.Workloads.Cloud.NanoGpt;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Cloud.Gpt;

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
        // [T, 3·D] → [3, H, T, d]; the cache is fp32, and so is attention
        var parts = F.cast(layer.QueryKeyValue(x), float32).view(length, 3, geometry.Heads, geometry.Head).permute(1, 2, 0, 3);
        // Scores are divided by the root of a head's width; the queries are fewer.
        Tensor keys = cache.Keys(index), values = cache.Values(index), queries = parts[0].mul(1 / Math.Sqrt(geometry.Head));
        keys.narrow(1, start, length).copy_(parts[1]);
        values.narrow(1, start, length).copy_(parts[2]);

        // [T, H, d]
        var found = empty(length, geometry.Heads, geometry.Head);
        for (long from = 0; from < length; from += PrefillBlock)
        {
            using var block = NewDisposeScope();
            var size = Math.Min(PrefillBlock, length - from);
            var seen = start + from + size;
            // [H, size, seen]
            var scores = queries.narrow(1, from, size).bmm(keys.narrow(1, 0, seen).transpose(1, 2));
            // What is later than a query lies among its own block.
            scores.narrow(2, seen - size, size).add_(full(size, size, float.NegativeInfinity).triu_(1));
            // [H, size, d]
            var attended = scores.softmax(-1).bmm(values.narrow(1, 0, seen));
            found.narrow(0, from, size).copy_(attended.transpose(0, 1));
        }

        return layer.Mlp(layer.Project(found.view(length, geometry.Width), x));
    }
}

using MlPerfEdu.Workloads.Cloud.NanoGpt;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace MlPerfEdu.Workloads.Cloud.Gpt;

// Many tokens at once are matrix products, which libtorch does best.
public sealed partial class CachedGpt
{
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
        // [T, 3·D] → [3, H, T, d]; attention is fp32
        var parts = F.cast(layer.QueryKeyValue(x), float32).view(length, 3, geometry.Heads, geometry.Head).permute(1, 2, 0, 3);
        var (keys, values) = KeyValueCache.Planes(index);
        cache.Write(keys, parts[1], start);
        cache.Write(values, parts[2], start);

        // [1, H, T, d]; a first piece sees itself only, a later one all before it too
        var mask = start == 0 ? null : full(length, start + length, float.NegativeInfinity).triu_(start + 1);
        var attended = scaled_dot_product_attention(
            parts[0].unsqueeze(0), Seen(keys), Seen(values), mask, is_casual: start == 0);
        return layer.Mlp(layer.Project(attended.transpose(1, 2).reshape(length, geometry.Width), x));

        // As the cache holds them: the tokens after the prompt see the same.
        Tensor Seen(int plane) => cache.Read(plane, start + (int)length).unsqueeze(0);
    }
}

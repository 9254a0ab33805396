using MlPerfEdu.Workloads.Cloud.NanoGpt;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace MlPerfEdu.Workloads.Cloud.Gpt;

/// <summary>Keys and values of one layer, [B, H, filled, d] each.</summary>
sealed record BookCache(Tensor Keys, Tensor Values);

/// <summary>A language model that goes on from a cache, by the book: libtorch's operators, and a cache that new tokens are concatenated to.</summary>
sealed class BookGpt(NanoGptModel model)
{
    readonly NanoGptGeometry geometry = model.Geometry;

    /// <param name="tokens">[B, T]</param>
    /// <param name="cache">Of each layer; empty before a prompt.</param>
    /// <param name="mask">Which positions each token sees, [T, filled + T]; none for a prompt, which is causal, and for a single token, which sees all.</param>
    /// <returns>The logits of the last tokens, [B·rows, V], and the cache with all of them.</returns>
    public (Tensor Logits, List<BookCache> Cache) Append(Tensor tokens, IReadOnlyList<BookCache> cache, Tensor? mask, int rows)
    {
        long batch = tokens.shape[0], length = tokens.shape[1], filled = cache.Count > 0 ? cache[0].Keys.shape[2] : 0;
        var x = model.Embed(tokens, filled).view(batch * length, geometry.Width);                               // [N, D]
        var grown = new List<BookCache>();
        foreach (var layer in model.Layers)
        {
            var parts = layer.QueryKeyValue(x).view(batch, length, 3, geometry.Heads, geometry.Head).permute(2, 0, 3, 1, 4);
            Tensor q = parts[0], k = parts[1], v = parts[2];                                                    // [B, H, T, d] each
            if (filled > 0)
            {
                var (keys, values) = cache[grown.Count];
                (k, v) = (cat([keys, k], 2), cat([values, v], 2));                                              // [B, H, filled + T, d]
            }
            grown.Add(new(k, v));
            var attended = scaled_dot_product_attention(q, k, v, mask, is_casual: filled == 0);                 // [B, H, T, d]
            x = layer.Mlp(layer.Project(attended.transpose(1, 2).reshape(batch * length, geometry.Width), x));
        }
        var last = x.view(batch, length, geometry.Width).narrow(1, length - rows, rows);
        return (model.Classify(last.reshape(batch * rows, geometry.Width)), grown);
    }

    /// <summary>[1, T]</summary>
    public static Tensor Tokens(int[] tokens) => tensor(Array.ConvertAll(tokens, token => (long)token)).unsqueeze(0);
}

/// <summary>Reads prompts, one after another.</summary>
sealed class BookPrefill(NanoGptModel model, IReadOnlyList<int[]> prompts) : IBookStep
{
    readonly BookGpt gpt = new(model);

    public void Step()
    {
        foreach (var prompt in prompts)
        {
            using var scope = NewDisposeScope();
            using var inference = inference_mode();
            gpt.Append(BookGpt.Tokens(prompt), [], mask: null, rows: 1);
        }
    }

    public void Dispose()
    {
    }
}

/// <summary>The same tokens for each of several answers, all at once, after a text that a cache already holds.</summary>
sealed class BookDecode : IBookStep
{
    readonly BookGpt gpt;
    readonly List<BookCache> cache;
    readonly Tensor tokens;
    readonly Tensor? mask;

    /// <param name="text">What was read before.</param>
    /// <param name="added">Of each answer.</param>
    public BookDecode(NanoGptModel model, int[] text, int[] added, int batch)
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        gpt = new(model);
        tokens = BookGpt.Tokens(added).repeat(batch, 1).DetachFromDisposeScope();
        cache = [.. gpt.Append(BookGpt.Tokens(text).repeat(batch, 1), [], mask: null, rows: 1).Cache.Select(Kept)];
        if (added.Length > 1)
            mask = ones([added.Length, text.Length + added.Length], ScalarType.Bool).tril(text.Length).DetachFromDisposeScope();

        static BookCache Kept(BookCache read) => new(read.Keys.contiguous().DetachFromDisposeScope(), read.Values.contiguous().DetachFromDisposeScope());
    }

    public void Step()
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        Append();
    }

    internal (Tensor Logits, List<BookCache> Cache) Append() => gpt.Append(tokens, cache, mask, (int)tokens.shape[1]);

    public void Dispose()
    {
        tokens.Dispose();
        mask?.Dispose();
        foreach (var (keys, values) in cache)
        {
            keys.Dispose();
            values.Dispose();
        }
    }
}

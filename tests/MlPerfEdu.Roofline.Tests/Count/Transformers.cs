using MlPerfEdu.Roofline.Count;

namespace MlPerfEdu.Roofline.Tests.Count;

/// <summary>Language models whose parameters are known, stated layer by layer.</summary>
static class Transformers
{
    const int Vocabulary = 128;

    /// <summary>6 layers of 384, 6 heads; biases everywhere but in the tied classifier.</summary>
    public static StepCounter NanoGpt(int batch, int positions) =>
        Gpt(StepCounter.OfTokens(batch, positions), width: 384, heads: 6, depth: 6, context: 2048);

    public static StepCounter NanoGptPrefill(int batch, int positions) =>
        Gpt(StepCounter.OfTokens(batch, positions).ForInference(), width: 384, heads: 6, depth: 6, context: 2048, loss: false);

    public static StepCounter Gpt2Small(int batch, int positions) =>
        Gpt(StepCounter.OfTokens(batch, positions), width: 768, heads: 12, depth: 12, context: 4096);

    /// <summary>Everything stays as it is but two matrices of rank 8 beside each layer's queries, keys and values.</summary>
    public static StepCounter Gpt2SmallLora(int batch, int positions) => StepCounter.OfTokens(batch, positions)
        .Frozen(all => Gpt(all, width: 768, heads: 12, depth: 12, context: 4096, loss: false, rank: 8))
        .CrossEntropy();

    /// <summary>4 layers of 128, 4 heads with biases, 8 experts of 512, 2 for each token, evenly used.</summary>
    public static StepCounter NanoMoe(int batch, int positions)
    {
        var counter = StepCounter.OfTokens(batch, positions).Embedding("tokens", Vocabulary, 128).Positions("positions", 256);
        var tokens = Enumerable.Repeat(2L * batch * positions / 8, 8).ToArray();
        for (var i = 0; i < 4; i++)
        {
            counter
                .Residual("attention sum", body => body.LayerNorm("norm 1").SelfAttention("attention", new AttentionShape(4) { Causal = true }))
                .Residual("experts sum", body => body.LayerNorm("norm 2").MixtureOfExperts(
                    "experts", 2, tokens, expert => expert.Linear("up", 512, bias: false).Silu("silu").Linear("down", 128, bias: false)));
        }

        return counter.LayerNorm("norm").Linear("head", Vocabulary, bias: false).CrossEntropy();
    }

    /// <summary>Words of 5,000 and 4 special ones, 64 of them; two layers with the norm behind; the first position decides.</summary>
    public static StepCounter MicroBert(int batch)
    {
        var counter = StepCounter.OfTokens(batch, 64).Embedding("words", 5004, 128).Positions("positions", 64).LayerNorm("norm");
        for (var i = 0; i < 2; i++)
        {
            counter
                .Residual("attention sum", body => body.SelfAttention("attention", new AttentionShape(4))).LayerNorm("norm 1")
                .Residual("mlp sum", body => body.Linear("up", 512).Gelu("gelu").Linear("down", 128)).LayerNorm("norm 2");
        }

        return counter.OnePosition("first").Linear("pool", 128).Tanh("tanh").Linear("head", 2).CrossEntropy();
    }

    /// <summary>LLaMA's layers at 110 M: no biases, SwiGLU, RMS norms, a tied classifier.</summary>
    public static StepCounter Stories110M(int positions, bool rotary = true)
    {
        var counter = StepCounter.OfTokens(1, positions).Embedding("tokens", 32_000, 768);
        var attention = new AttentionShape(12) { Causal = true, Bias = false, Fused = false, Rotary = rotary };
        for (var i = 0; i < 12; i++)
        {
            counter
                .Residual("attention sum", body => body.RmsNorm("norm 1").SelfAttention("attention", attention))
                .Residual("ffn sum", body => body.RmsNorm("norm 2").SwiGlu("ffn", 2048));
        }

        return counter.RmsNorm("norm").TiedLinear("classifier", 32_000).CrossEntropy();
    }

    /// <summary>One more position per sample after those in the cache.</summary>
    public static StepCounter NanoGptDecode(int batch, long cached)
    {
        var counter = StepCounter.OfTokens(batch, 1).ForInference().Embedding("tokens", Vocabulary, 384).Positions("positions", 2048);
        for (var i = 0; i < 6; i++)
        {
            counter
                .Residual("attention sum", body => body.LayerNorm("norm 1").CachedAttention("attention", new AttentionShape(6), cached))
                .Residual("mlp sum", Mlp);
        }

        return counter.LayerNorm("norm").TiedLinear("head", Vocabulary);
    }

    static StepCounter Gpt(StepCounter counter, int width, int heads, int depth, int context, bool loss = true, int rank = 0)
    {
        var attention = new AttentionShape(heads) { Causal = true };
        Action<StepCounter>? adapted = rank == 0 ? null : qkv => qkv.LowRankAdapter("lora", rank, body => body.Linear("qkv", 3 * width));
        counter.Embedding("tokens", Vocabulary, width).Positions("positions", context);
        for (var i = 0; i < depth; i++)
        {
            counter
                .Residual("attention sum", body => body.LayerNorm("norm 1").SelfAttention("attention", attention, adapted))
                .Residual("mlp sum", Mlp);
        }

        counter.LayerNorm("norm").TiedLinear("head", Vocabulary);
        return loss ? counter.CrossEntropy() : counter;
    }

    static void Mlp(StepCounter body)
    {
        var width = body.Shape[^1];
        body.LayerNorm("norm 2").Linear("up", 4 * width).Gelu("gelu").Linear("down", width);
    }
}

using MlPerfEdu.Roofline.Count;
using MlPerfEdu.Roofline.Torch;
using MlPerfEdu.Workloads.Cloud.Gpt;
using MlPerfEdu.Workloads.Cloud.NanoGpt;

namespace MlPerfEdu.Workloads.Tests.Inference;

public sealed class CachedGptTests : IDisposable
{
    const float Tolerance = 1e-4f;

    readonly SmallGpt gpt = new();

    public void Dispose() => gpt.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    [InlineData(256)]
    [InlineData(900)]
    public void Cached_logits_are_the_recomputed_ones_at_every_position(int prompt)
    {
        var tokens = SmallGpt.Tokens(prompt + 64, seed: prompt);
        var expected = gpt.Recomputed(tokens);
        using var cache = gpt.Cached.NewCache(tokens.Length);

        Assert.InRange(SmallGpt.LargestError(gpt.Cached.Prefill(cache, tokens.AsSpan(0, prompt)), expected[prompt - 1]), 0, Tolerance);
        for (var position = prompt; position < tokens.Length; position++)
            Assert.InRange(SmallGpt.LargestError(gpt.Cached.Append(cache, tokens[position]), expected[position]), 0, Tolerance);
    }

    [Theory]
    [InlineData(40)]
    [InlineData(300)]
    [InlineData(900)]
    public void Libtorch_runs_the_products_that_a_prompt_counts(int prompt)
    {
        var recorder = new TorchRecorder();
        if (recorder.Unavailable is not null) return;
        var tokens = SmallGpt.Tokens(prompt, seed: 2);
        using var cache = gpt.Cached.NewCache(prompt);

        var recorded = recorder.Record(() => gpt.Cached.Prefill(cache, tokens));

        Assert.Empty(RecordedCount.Differences(GptCount.Prefill(gpt.Model, 1, prompt), recorded));
    }

    [Fact]
    public void A_prompt_may_come_in_pieces()
    {
        var tokens = SmallGpt.Tokens(500, seed: 3);
        var expected = gpt.Recomputed(tokens);
        using var cache = gpt.Cached.NewCache(tokens.Length);

        gpt.Cached.Prefill(cache, tokens.AsSpan(0, 100));
        var last = gpt.Cached.Prefill(cache, tokens.AsSpan(100));

        Assert.InRange(SmallGpt.LargestError(last, expected[^1]), 0, Tolerance);
        Assert.Equal(500, cache.Length);
    }

    /// <summary>What speculative decoding rests on: to the bit, or a close call is decided otherwise.</summary>
    [Fact]
    public void Several_tokens_at_once_give_the_bits_of_one_after_another()
    {
        var tokens = SmallGpt.Tokens(30, seed: 4);
        using KeyValueCache single = gpt.Cached.NewCache(64), several = gpt.Cached.NewCache(64);
        gpt.Cached.Prefill(single, tokens);
        gpt.Cached.Prefill(several, tokens);
        var added = SmallGpt.Tokens(SmallGpt.MostRows, seed: 5);

        var alone = added.SelectMany(token => gpt.Cached.Append(single, token).ToArray()).ToArray();

        Assert.Equal(alone, gpt.Cached.Append(several, added).ToArray());
    }

    [Fact]
    public void What_was_cut_off_leaves_no_trace()
    {
        using KeyValueCache straight = gpt.Cached.NewCache(64), detour = gpt.Cached.NewCache(64);
        foreach (var cache in new[] { straight, detour })
            gpt.Cached.Prefill(cache, SmallGpt.Tokens(20, seed: 6));
        gpt.Cached.Append(detour, 1, 2, 3, 4);
        detour.Truncate(21);
        gpt.Cached.Append(straight, 1);

        Assert.Equal(gpt.Cached.Append(straight, 9).ToArray(), gpt.Cached.Append(detour, 9).ToArray());
    }

    [Fact]
    public void Caches_that_share_a_step_do_not_see_each_other()
    {
        using KeyValueCache a = gpt.Cached.NewCache(64), b = gpt.Cached.NewCache(64), alone = gpt.Cached.NewCache(64);
        gpt.Cached.Prefill(a, SmallGpt.Tokens(10, seed: 7));
        gpt.Cached.Prefill(b, SmallGpt.Tokens(25, seed: 8));
        gpt.Cached.Prefill(alone, SmallGpt.Tokens(25, seed: 8));

        var both = gpt.Cached.AppendEach([a, b], [1, 2])[SmallGpt.Geometry.Vocabulary..].ToArray();

        Assert.Equal(gpt.Cached.Append(alone, 2).ToArray(), both);
        Assert.Equal((11, 26), (a.Length, b.Length));
    }

    [Fact]
    public void A_token_never_changes_the_logits_before_it()
    {
        var tokens = SmallGpt.Tokens(SmallGpt.MostRows, seed: 9);
        var before = Rows(tokens);
        tokens[^1] = (tokens[^1] + 1) % SmallGpt.Geometry.Vocabulary;
        var after = Rows(tokens);

        var unchanged = (SmallGpt.MostRows - 1) * SmallGpt.Geometry.Vocabulary;
        Assert.Equal(before[..unchanged], after[..unchanged]);
        Assert.NotEqual(before[unchanged..], after[unchanged..]);

        float[] Rows(int[] appended)
        {
            using var cache = gpt.Cached.NewCache(16);
            return gpt.Cached.Append(cache, appended).ToArray();
        }
    }

    [Fact]
    public void The_number_of_threads_changes_no_bit()
    {
        using var one = new CachedGpt(gpt.Model, threads: 1, mostRows: 1);
        using var three = new CachedGpt(gpt.Model, threads: 3, mostRows: 1);
        using KeyValueCache a = one.NewCache(8), b = three.NewCache(8);
        foreach (var token in SmallGpt.Tokens(8, seed: 10))
            Assert.Equal(one.Append(a, token).ToArray(), three.Append(b, token).ToArray());
    }

    [Fact]
    public void A_full_cache_takes_no_more()
    {
        using var cache = gpt.Cached.NewCache(2);
        gpt.Cached.Append(cache, 1, 2);
        var refused = Assert.Throws<InvalidOperationException>(() => { gpt.Cached.Append(cache, 3); });
        Assert.Contains("do not fit a cache of 2", refused.Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => cache.Truncate(3));
    }

    [Fact]
    public void A_cache_has_a_key_and_a_value_of_each_layer_per_token()
    {
        using var cache = new KeyValueCache(new NanoGptGeometry(6, 384, 6, 128, 2048), 8);
        Assert.Equal(18_432, cache.BytesPerToken);
    }
}

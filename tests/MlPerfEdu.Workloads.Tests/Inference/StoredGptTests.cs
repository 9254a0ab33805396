using MlPerfEdu.Workloads.Cloud.Gpt;
using MlPerfEdu.Workloads.Cloud.NanoGpt;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Tests.Inference;

/// <summary>A <see cref="CachedGpt"/> in each of the formats that it can store its numbers in.</summary>
public sealed unsafe class StoredGptTests : IDisposable
{
    // More than two halves of four rows, and not a multiple of four.
    const int MostRows = 11;

    readonly SmallGpt small = new();

    public void Dispose() => small.Dispose();

    /// <summary>What batches rest on: in halves of a batch, with rests of tiles, whatever the texts before.</summary>
    [Theory]
    [InlineData(GptNumbers.Fp32, 1)]
    [InlineData(GptNumbers.Fp32, 2)]
    [InlineData(GptNumbers.Fp16, 2)]
    [InlineData(GptNumbers.Q8, 2)]
    [InlineData(GptNumbers.Q8, 3)]
    [InlineData(GptNumbers.Fp16, 4)]
    public void A_row_has_the_same_bits_in_every_batch(GptNumbers numbers, int threads)
    {
        using var gpt = new CachedGpt(small.Model, threads, MostRows, numbers);
        using var one = new CachedGpt(small.Model, 1, 1, numbers);
        foreach (var rows in new[] { 2, 5, 8, MostRows })
        {
            var caches = Enumerable.Range(0, rows).Select(_ => gpt.NewCache(64)).ToArray();
            using var alone = one.NewCache(64);
            var texts = Enumerable.Range(0, rows).Select(row => SmallGpt.Tokens(3 * row + 1, seed: row)).ToArray();
            foreach (var (cache, text) in caches.Zip(texts))
                gpt.Prefill(cache, text);
            for (var step = 0; step < 3; step++)
            {
                var tokens = SmallGpt.Tokens(rows, seed: 100 + step);
                var together = gpt.AppendEach(caches, tokens).ToArray().Chunk(gpt.Vocabulary).ToArray();
                for (var row = 0; row < rows; row++)
                {
                    alone.CopyFrom(caches[row]);
                    alone.Truncate(alone.Length - 1);
                    Assert.Equal(one.Append(alone, tokens[row]).ToArray(), together[row]);
                }
            }

            foreach (var cache in caches) cache.Dispose();
        }
    }

    [Theory]
    [InlineData(GptNumbers.Fp16, 0.02f)]
    [InlineData(GptNumbers.Q8, 0.4f)]
    public void Logits_are_near_those_of_fp32(GptNumbers numbers, float tolerance)
    {
        using var gpt = new CachedGpt(small.Model, 2, 1, numbers);
        var tokens = SmallGpt.Tokens(400, seed: 3);
        var expected = small.Recomputed(tokens);
        using var cache = gpt.NewCache(tokens.Length);
        gpt.Prefill(cache, tokens.AsSpan(0, 300));

        var largest = 0f;
        for (var position = 300; position < tokens.Length; position++)
            largest = MathF.Max(largest, SmallGpt.LargestError(gpt.Append(cache, tokens[position]), expected[position]));

        // Something is rounded, and not much.
        Assert.InRange(largest, 1e-4f, tolerance);
    }

    [Theory]
    [InlineData(GptNumbers.Fp32, 18_432)]
    [InlineData(GptNumbers.Fp16, 9_216)]
    [InlineData(GptNumbers.Q8, 4_896)]
    public void A_token_takes_the_bytes_of_its_format(GptNumbers numbers, long bytes)
    {
        using var cache = new KeyValueCache(new NanoGptGeometry(6, 384, 6, 128, 2048), 8, numbers);
        Assert.Equal(bytes, cache.BytesPerToken);
    }

    [Theory]
    [InlineData(GptNumbers.Fp32)]
    [InlineData(GptNumbers.Fp16)]
    [InlineData(GptNumbers.Q8)]
    public void A_prompt_s_positions_and_single_ones_are_stored_alike(GptNumbers numbers)
    {
        using var scope = NewDisposeScope();
        var geometry = SmallGpt.Geometry;
        random.manual_seed(4);
        var added = randn(geometry.Heads, 5, geometry.Head);
        added[0, 2] = 0;
        using KeyValueCache whole = new(geometry, 8, numbers), single = new(geometry, 8, numbers);
        whole.Write(3, added, 1);
        for (var head = 0; head < geometry.Heads; head++)
        {
            for (var position = 0; position < 5; position++)
            {
                var numbersOfHead = added[head, position].contiguous().data<float>().ToArray();
                fixed (float* from = numbersOfHead) single.Put(3, head, position + 1, from);
            }
        }

        Assert.Equal(whole.Read(3, 6).contiguous().data<float>().ToArray(), single.Read(3, 6).contiguous().data<float>().ToArray());
        Assert.Equal(0, whole.Read(3, 6)[0, 3].abs().sum().item<float>());
    }

    [Fact]
    public void A_copy_in_another_format_holds_the_rounded_numbers()
    {
        using KeyValueCache from = small.Cached.NewCache(32), halves = new(SmallGpt.Geometry, 32, GptNumbers.Fp16);
        small.Cached.Prefill(from, SmallGpt.Tokens(20, seed: 1));
        halves.CopyFrom(from);

        using var scope = NewDisposeScope();
        Assert.Equal(20, halves.Length);
        for (var plane = 0; plane < 2 * SmallGpt.Geometry.Layers; plane++)
            Assert.True(from.Read(plane, 20).to(float16).to(float32).equal(halves.Read(plane, 20)).all().item<bool>());
    }

    /// <summary>A scale that is found again from rounded bytes is the same only almost always.</summary>
    [Fact]
    public void A_copy_in_the_same_format_is_the_same_to_the_bit()
    {
        const int positions = 1000;
        using var scope = NewDisposeScope();
        var geometry = SmallGpt.Geometry;
        random.manual_seed(6);
        using KeyValueCache from = new(geometry, positions, GptNumbers.Q8), to = new(geometry, positions, GptNumbers.Q8);
        for (var plane = 0; plane < 2 * geometry.Layers; plane++)
            from.Write(plane, randn(geometry.Heads, positions, geometry.Head), 0);
        from.Advance(positions);
        to.CopyFrom(from);
        for (var plane = 0; plane < 2 * geometry.Layers; plane++)
            Assert.True(from.Read(plane, positions).equal(to.Read(plane, positions)).all().item<bool>());
    }

    [Fact]
    public void What_a_format_cannot_hold_is_refused()
    {
        using var cache = small.Cached.NewCache(8);
        using var halves = new CachedGpt(small.Model, 1, 1, GptNumbers.Fp16);
        Assert.Contains("A cache of Fp32 numbers", Assert.Throws<ArgumentException>(() => { halves.Append(cache, 1); }).Message);

        using (no_grad()) small.Model.named_parameters().First(parameter => parameter.name == "layers.1.up.weight").parameter[3, 5] = 70_000;
        Assert.Contains("70000 in layers.1.up", Assert.Throws<ArgumentException>(() => new CachedGpt(small.Model, 1, 1, GptNumbers.Fp16)).Message);

        using var wide = new NanoGptModel(new NanoGptGeometry(1, 1088, 17, 32, 16));
        Assert.Contains("An MLP of 4352", Assert.Throws<ArgumentException>(() => new CachedGpt(wide, 1, 1, GptNumbers.Q8)).Message);
    }

    [Theory]
    [InlineData(GptNumbers.Fp16)]
    [InlineData(GptNumbers.Q8)]
    public void A_step_counts_the_same_products_and_its_format_s_bytes(GptNumbers numbers)
    {
        const int batch = 3, cached = 40;
        using var gpt = new CachedGpt(small.Model, 1, 1, numbers);
        using var cache = gpt.NewCache(8);
        using var fp32 = small.Cached.NewCache(8);
        var (full, stored) = (GptCount.Decode(small.Model, batch, 1, cached), GptCount.Decode(small.Model, batch, 1, cached, numbers));

        Assert.Equal((full.Flops, full.OperatorCalls, full.Parameters), (stored.Flops, stored.OperatorCalls, stored.Parameters));
        var weights = small.Cached.WeightBytes - gpt.WeightBytes;
        var perToken = fp32.BytesPerToken - cache.BytesPerToken;
        Assert.Equal(weights + batch * (cached + 1) * perToken, full.UniqueBytes - stored.UniqueBytes);
        // Each key and value is read once, and those of the new token are written.
        Assert.Equal(weights + batch * (cached + 2) * perToken, full.Bytes - stored.Bytes);
    }
}

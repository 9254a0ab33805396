using MlPerfEdu.Serving.ActSparsity;
using MlPerfEdu.Serving.Attention;
using MlPerfEdu.Serving.FlashDecode;
using MlPerfEdu.Serving.Formats;
using MlPerfEdu.Serving.Fp8;
using MlPerfEdu.Serving.Gqa;
using MlPerfEdu.Serving.Grammar;
using MlPerfEdu.Serving.Mx;
using MlPerfEdu.Serving.PagedKv;
using MlPerfEdu.Serving.Rope;
using MlPerfEdu.Serving.SlidingWindow;

namespace MlPerfEdu.Serving.Tests;

/// <summary>
/// Wrong shapes, numbers that are none, no room, unknown ids and nothing at all: a typed error, and everything as it was.
/// </summary>
[Trait("Suite", "serving")]
public class BadInputTests
{
    static readonly AttentionShape Shape = new(4, 2, 3);
    static readonly float[] Token = [1, 2, 3, 4, 5, 6];
    static readonly float[] Query = new float[12];

    [Fact]
    public void A_cache_refuses_tokens_that_do_not_fit_and_keeps_its_length()
    {
        var cache = new GqaCache(Shape, 1);
        Fails("MLP4001", () => cache.Append(Token.AsSpan(1), Token));
        Fails("MLP4001", () => cache.Append(Token, Token.AsSpan(1)));
        Fails("MLP4002", () => cache.Append(Token, [1, 2, 3, 4, 5, float.NaN]));
        Fails("MLP4005", () => cache.Attend(Query, new float[12]));
        Assert.Equal(0, cache.Length);
        cache.Append(Token, Token);
        Fails("MLP4003", () => cache.Append(Token, Token));
        Fails("MLP4001", () => cache.Attend(Query, new float[11]));
        Fails("MLP4006", () => cache.Truncate(2));
        Assert.True(cache.Keys(0).SequenceEqual(Token.AsSpan(0, 3)));
        Assert.Equal(1, cache.Length);
    }

    [Fact]
    public void A_window_refuses_what_does_not_fit_and_evicts_nothing_for_it()
    {
        var cache = new SlidingWindowCache(Shape, 1);
        Fails("MLP4005", () => cache.Attend(Query, new float[12]));
        cache.Append(Token, Token);
        Fails("MLP4001", () => cache.Append(Token, []));
        Fails("MLP4002", () => cache.Append([1, 2, float.PositiveInfinity, 4, 5, 6], Token));
        Fails("MLP4006", () => cache.CopyKeys(2, new float[3]));
        var keys = new float[3];
        cache.CopyKeys(1, keys);
        Assert.Equal(Token[3..], keys);
        Assert.Equal(0, cache.Evicted);
    }

    [Fact]
    public void A_paged_cache_without_a_free_block_keeps_every_sequence()
    {
        var cache = new PagedKvCache(Shape, 2, 2);
        cache.Add(1);
        for (var token = 0; token < 3; token++)
            cache.Append(1, Token, Token);
        cache.Fork(1, 2);
        // The last block is shared, so writing into it needs one more.
        Fails("MLP4003", () => cache.Append(2, Token, Token));
        Fails("MLP4004", () => cache.Append(3, Token, Token));
        Fails("MLP4004", () => cache.Free(3));
        Fails("MLP4004", () => cache.Fork(3, 4));
        Fails("MLP4007", () => cache.Fork(1, 2));
        Fails("MLP4007", () => cache.Add(1));
        Fails("MLP4006", () => cache.Truncate(1, 4));
        Fails("MLP4001", () => cache.Gather(1, new float[1], new float[18]));
        Assert.Equal((3, 3, 2, 2), (cache.Length(1), cache.Length(2), cache.Blocks.Used, cache.Sequences));
    }

    [Fact]
    public void Attention_over_nothing_or_over_half_a_token_is_refused()
    {
        var decoder = new FlashDecoder(Shape, 2);
        Fails("MLP4005", () => decoder.Attend(Query, [], [], new float[12]));
        Fails("MLP4001", () => decoder.Attend(Query, new float[7], new float[7], new float[12]));
        Fails("MLP4001", () => decoder.Attend(Query, new float[12], new float[6], new float[12]));
        Fails("MLP4002", () => decoder.Attend([.. Query[1..], float.NaN], Token, Token, new float[12]));
        foreach (var wrong in (float[])[float.NaN, float.PositiveInfinity, float.NegativeInfinity])
        {
            Fails("MLP4002", () => decoder.Attend(Query, [1, wrong, 3, 4, 5, 6], Token, new float[12]));
            Fails("MLP4002", () => decoder.Attend(Query, Token, [1, 2, 3, 4, wrong, 6], new float[12]));
        }
        Fails("MLP4006", () => _ = new FlashDecoder(Shape, 0));
        Fails("MLP4006", () => _ = new AttentionShape(3, 2, 4));
    }

    [Fact]
    public void Formats_refuse_what_is_no_number()
    {
        var scale = new float[1];
        var codes = new byte[32];
        Fails("MLP4002", () => Fp8Quantizer<E4M3>.Encode([1, float.NaN], 2, codes.AsSpan(0, 2), scale));
        Fails("MLP4005", () => Fp8Quantizer<E4M3>.Encode([], 2, [], []));
        Fails("MLP4006", () => Fp8Quantizer<E4M3>.Encode([1], 0, codes.AsSpan(0, 1), scale));
        Fails("MLP4001", () => Fp8Quantizer<E5M2>.Decode(codes, scale, 32, new float[31]));
        Fails("MLP4002", () => MxQuantizer<MxInt8>.Encode([float.NegativeInfinity], codes, new byte[1]));
        Fails("MLP4001", () => MxQuantizer<MxElement<E2M1>>.Encode([1], codes, new byte[1]));
        Fails("MLP4002", () => new SharedMicroexponents(2).Encode([float.NaN], new byte[16], new byte[1], new byte[1]));
        Assert.All(codes, code => Assert.Equal(0, code));
        Assert.Equal(0, scale[0]);
    }

    [Fact]
    public void Positions_and_sparsity_refuse_what_makes_no_sense()
    {
        var rope = new RotaryEmbedding(RopeScaling.None(8, 10000));
        Fails("MLP4001", () => rope.Apply(new float[9], 1, 0, new float[9]));
        Fails("MLP4006", () => rope.Apply(new float[8], 1, -1, new float[8]));
        Fails("MLP4005", () => rope.Apply([], 1, 0, []));
        Fails("MLP4006", () => RopeScaling.None(7, 10000));
        Fails("MLP4006", () => RopeScaling.Ntk(8, 10000, 0.5));
        Fails("MLP4001", () => RopeScaling.LongRope(8, 10000, [1, 2], 2, 4096));
        Fails("MLP4006", () => RopeScaling.LongRope(8, 10000, [1, 2, double.NaN, 4], 2, 4096));

        var predictor = new SparsityPredictor(2, 0.5f);
        Fails("MLP4006", () => predictor.Record(2, [1]));
        Fails("MLP4002", () => predictor.Record(0, [0, float.NaN]));
        Fails("MLP4005", () => predictor.Record(0, []));
        Assert.Equal(0, predictor.Sparsity(0));
        Fails("MLP4006", () => _ = new SparseGate(float.NaN));
    }

    [Theory]
    [InlineData("MLP4006", "{")]
    [InlineData("MLP4006", "[]")]
    [InlineData("MLP4004", """{ "type": "tuple" }""")]
    [InlineData("MLP4004", """{ "type": "integer", "minimum": 3 }""")]
    [InlineData("MLP4004", """{ "$ref": "#" }""")]
    [InlineData("MLP4004", """{ "type": "array" }""")]
    [InlineData("MLP4005", """{ "enum": [] }""")]
    [InlineData("MLP4006", """{ "type": "string", "minLength": 4, "maxLength": 3 }""")]
    [InlineData("MLP4004", """{ "type": "object", "required": ["a"], "properties": { "b": { "type": "null" } } }""")]
    public void A_schema_that_is_not_understood_is_refused(string code, string schema) => Fails(code, () => JsonSchema.Parse(schema));

    [Fact]
    public void A_token_that_the_grammar_forbids_leads_nowhere()
    {
        var cache = new GrammarCache(JsonSchema.Parse("""{ "type": "boolean" }"""), GrammarSamples.Vocabulary);
        Fails("MLP4006", () => cache.Next(GrammarCache.Start, 'x' + 1));
        Fails("MLP4006", () => cache.Next(GrammarCache.Start, Vocabulary.End));
        Fails("MLP4006", () => _ = new Vocabulary([[]]));
        Fails("MLP4001", () => _ = new Vocabulary([[1], [2]]));
        Fails("MLP4005", () => _ = new Vocabulary([[], [1], []]));
        Fails("MLP4004", () => cache.Next(GrammarCache.Start, GrammarSamples.Tokens));
        Fails("MLP4004", () => cache.Mask(new(cache.States)));
        Assert.Equal(0, cache.Cached);
    }

    static void Fails(string code, Action call) => Assert.Equal(code, Assert.Throws<KernelException>(call).Code);
}

namespace MlPerfEdu.Zoo.Tests;

public class ServingTests
{
    static readonly ServingQuestion Llama = new(ModelZoo.BuiltIn["llama3-8b"], SiliconZoo.BuiltIn["h100"]);

    [Theory]
    [InlineData(1, 16, 16)]
    [InlineData(16, 16, 16)]
    [InlineData(17, 16, 32)]
    [InlineData(1000, 1, 1000)]
    public void Pages_round_up(int tokens, int page, int kept)
    {
        Assert.Equal(kept, KvCache.Paged(tokens, page));
        Assert.Equal(1 - ((double)tokens / kept), KvCache.Waste(tokens, page));
        var paged = Serving.Solve(Llama with { Prompt = tokens, Page = page });
        Assert.Equal(KvCache.PerSequence(Llama.Model, Dtype.Fp16, kept), paged.Cache);
    }

    [Fact]
    public void The_token_after_the_next_is_within_the_published_band() =>
        Assert.InRange(Serving.Solve(Llama).NextToken.Milliseconds, 3, 10);

    [Fact]
    public void Attention_is_counted_once_per_pair()
    {
        var model = ModelZoo.BuiltIn["llama3-8b"];
        // 4 FLOP per channel and pair, 32 layers of 4096 channels; three tokens make six pairs.
        Assert.Equal(4.0 * 32 * 4096 * 6, Scaling.AttentionWork(model, 0, 3).Value);
        Assert.Equal(Scaling.AttentionWork(model, 0, 10).Value, (Scaling.AttentionWork(model, 0, 4) + Scaling.AttentionWork(model, 4, 6))
            .Value);
    }

    [Theory]
    [InlineData(4, 0, 1)]
    [InlineData(4, 1, 5)]
    [InlineData(2, 0.5, 1.75)]
    public void A_round_of_proposals_yields(int proposed, double acceptance, double tokens) =>
        Assert.Equal(tokens, SpeculativeDecoding.TokensIn(proposed, acceptance), 12);

    [Fact]
    public void Proposals_pay_off_only_when_they_are_accepted()
    {
        var (draft, verify) = (new Duration(1), new Duration(10));
        Assert.Equal(14 / 2.7731, SpeculativeDecoding.Token(draft, verify).Value, 9);
        Assert.True(SpeculativeDecoding.Token(draft, verify, 4, 0.9) < verify);
        Assert.True(SpeculativeDecoding.Token(draft, verify, 4, 0.1) > verify);
        Assert.Equal("MLP2213", Assert.Throws<ZooException>(() => SpeculativeDecoding.TokensIn(4, 1.1)).Code);
    }

    [Fact]
    public void Checking_proposals_is_one_pass_that_reads_the_weights_once()
    {
        var draft = ModelZoo.BuiltIn["gpt2-small"];
        var decoded = SpeculativeDecoding.Of(Llama, draft, 4, 0.7);
        var alone = Serving.Solve(Llama);
        Assert.Equal(Serving.Solve(Llama with { Model = draft }).NextToken, decoded.DraftToken);
        Assert.InRange(decoded.Verify / alone.NextToken, 0.95, 1.1);
        Assert.True(decoded.NextToken < alone.NextToken);
        // A small model as slow as the large one only costs.
        Assert.True(SpeculativeDecoding.Of(Llama, Llama.Model, 4, 0.7).NextToken > alone.NextToken);
    }

    [Fact]
    public void A_running_batch_is_as_large_as_memory_allows()
    {
        var room = (85_899_345_920.0 - 16.06e9) / 268_435_456;
        Assert.Equal((int)room, ContinuousBatching.Of(Llama, 100_000).Active);
        Assert.Equal(8, ContinuousBatching.Of(Llama, 8).Active);
        var eight = ContinuousBatching.Of(Llama with { Rules = Rules.Reference }, 8);
        Assert.Equal(8 / ((16.06e9 + (8 * 268_435_456.0)) / 3.35e12), eight.TokensPerSecond, 6);
        Assert.Equal(0, ContinuousBatching.Of(Llama with { Model = ModelZoo.BuiltIn["llama3-405b"] }, 8).Active);
    }
}

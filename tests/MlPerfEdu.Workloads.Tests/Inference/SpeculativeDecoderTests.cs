using MlPerfEdu.Workloads.Cloud.Gpt;

namespace MlPerfEdu.Workloads.Tests.Inference;

public sealed class SpeculativeDecoderTests : IDisposable
{
    const int Lookahead = 4, Capacity = 64;

    readonly SmallGpt target = new(seed: 1), stranger = new(seed: 2);

    public void Dispose()
    {
        target.Dispose();
        stranger.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(40)]
    public void The_target_s_greedy_answer_comes_out_whatever_the_draft_says(int count)
    {
        foreach (var drafting in new[] { stranger.Cached, target.Cached })
        {
            using var decoder = new SpeculativeDecoder(target.Cached, drafting, Lookahead, Capacity);
            for (var seed = 0; seed < 20; seed++)
                Assert.Equal(Greedy(SmallGpt.Tokens(12, seed), count), Speculative(decoder, SmallGpt.Tokens(12, seed), count));
        }
    }

    [Fact]
    public void A_draft_equal_to_the_target_is_always_accepted()
    {
        using var decoder = new SpeculativeDecoder(target.Cached, target.Cached, Lookahead, Capacity);
        Speculative(decoder, SmallGpt.Tokens(12, seed: 3), 41);

        // One token follows the prompt, and each round of four drafts gives five.
        Assert.Equal((32, 32, 8), (decoder.Drafted, decoder.Accepted, decoder.Rounds));
    }

    [Fact]
    public void A_stranger_s_drafts_are_mostly_refused_and_every_round_still_gives_a_token()
    {
        using var decoder = new SpeculativeDecoder(target.Cached, stranger.Cached, Lookahead, Capacity);
        Speculative(decoder, SmallGpt.Tokens(12, seed: 3), 40);

        Assert.InRange(decoder.Accepted, 0, decoder.Drafted / 2);
        Assert.Equal(39, decoder.Accepted + decoder.Rounds);
    }

    /// <summary>A draft that goes on from what was refused still gives right answers, only fewer of its tokens are taken.</summary>
    [Fact]
    public void A_refusal_leaves_no_trace_in_the_draft_s_cache()
    {
        const int count = 40;
        using var similar = new SmallGpt(seed: 1);
        similar.Disturb(0.02f);
        using var decoder = new SpeculativeDecoder(target.Cached, similar.Cached, Lookahead, Capacity);
        long accepted = 0, drafted = 0;
        for (var seed = 0; seed < 10; seed++)
        {
            var prompt = SmallGpt.Tokens(12, seed);
            int[] answer = Speculative(decoder, prompt, count);
            for (var known = 1; known < count;)
            {
                int[] text = [.. prompt, .. answer[..known]];
                var drafts = Greedy(similar, text, Math.Min(Lookahead, count - known - 1));
                var same = drafts.Zip(answer[known..]).TakeWhile(pair => pair.First == pair.Second).Count();
                (accepted, drafted, known) = (accepted + same, drafted + drafts.Length, known + same + 1);
            }
        }

        Assert.Equal((accepted, drafted), (decoder.Accepted, decoder.Drafted));
        Assert.InRange(accepted, 1, drafted - 1);
    }

    int[] Greedy(int[] prompt, int count) => Greedy(target, prompt, count);

    static int[] Greedy(SmallGpt gpt, int[] prompt, int count)
    {
        if (count == 0)
            return [];
        using var cache = gpt.Cached.NewCache(Capacity);
        var tokens = new List<int>();
        GreedyDecoder.Generate(gpt.Cached, cache, prompt, count - 1, tokens.Add);
        return [.. tokens];
    }

    static int[] Speculative(SpeculativeDecoder decoder, int[] prompt, int count)
    {
        var tokens = new List<int>();
        decoder.Generate(prompt, count, tokens.Add);
        return [.. tokens];
    }
}

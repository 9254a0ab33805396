using MlPerfEdu.Serving.Grammar;
using MlPerfEdu.Serving.Loop;
using MlPerfEdu.Serving.Scheduling;

namespace MlPerfEdu.Serving.Tests;

/// <summary>The modules composed: what a batch is answered is what each request alone would be, token for token.</summary>
[Trait("Suite", "serving")]
public class ServingLoopTests
{
    const int Plenty = 400;
    const int Requests = 12;
    const int BlockTokens = 4;

    static readonly TinyModel Target = TinyModel.Random(GrammarSamples.Tokens, layers: 3, seed: 20);
    static readonly GrammarCache Grammar = new(JsonSchema.Parse(GrammarSamples.ToolCall), GrammarSamples.Vocabulary);

    readonly List<ServingRequest> requests = Prompts();

    [Theory]
    [InlineData(1, 0)]
    [InlineData(4, 0)]
    [InlineData(4, 3)]
    [InlineData(12, 5)]
    public void Answers_are_those_of_greedy_decoding(int running, int ahead)
    {
        var (loop, _, _) = Run(running, ahead, Plenty);
        Assert.Equal(0, loop.Preempted);
        Assert.True(loop.TokensSaved > 0, "no beginning of a prompt was found in a cache");
        Assert.Equal(ahead > 0, loop.Proposed > 0);
        Assert.InRange(loop.Accepted, ahead > 0 ? 1 : 0, loop.Proposed);
    }

    [Fact]
    public void Chooses_the_first_of_the_most_likely_tokens_that_are_allowed()
    {
        var random = new RandomData(24);
        for (var trial = 0; trial < 200; trial++)
        {
            var logits = random.Normals(150).Select(value => MathF.Round(value * 4)).ToArray();
            var allowed = Enumerable.Range(0, logits.Length).Where(_ => random.Below(1 + trial % 20) == 0).ToList();
            var mask = new ulong[3];
            allowed.ForEach(token => mask[token / 64] |= 1UL << token % 64);
            Assert.Equal(allowed.Count == 0 ? -1 : allowed.MaxBy(token => logits[token]), Greedy.Choose(logits, mask));
        }
    }

    [Fact]
    public void With_too_few_blocks_for_all_some_wait_and_are_answered_the_same()
    {
        var (loop, _, _) = Run(running: 6, ahead: 3, blocks: 30);
        Assert.True(loop.Preempted > 0, "nothing was preempted");
    }

    [Fact]
    public void A_draft_that_is_the_target_is_always_right()
    {
        var (loop, _, _) = Run(running: 4, ahead: 3, Plenty, Target);
        Assert.True(loop.Proposed > 0);
        Assert.Equal(loop.Proposed, loop.Accepted);
    }

    [Fact]
    public void Two_requests_that_one_cache_cannot_hold_are_refused_when_nothing_can_be_freed() =>
        Assert.Equal("MLP4003", Assert.Throws<KernelException>(() => Run(running: 2, ahead: 0, blocks: 3)).Code);

    [Fact]
    public void All_conversations_of_a_step_share_a_pass()
    {
        var (_, target, batcher) = Run(Requests, ahead: 0, Plenty);
        // A pass per prompt, and the last step finds nothing to do.
        Assert.InRange(target.Passes, batcher.Steps - 1, batcher.Steps - 1 + Requests);
        Assert.True(batcher.TokensPerStep > 2, $"{batcher.TokensPerStep} tokens per step");
    }

    // Behind its last token nothing is cached, and what is stored of its own prompt takes no block beside.
    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(50)]
    public void A_request_that_just_fits_is_answered(int ahead)
    {
        foreach (var prompt in Enumerable.Range(1, 9))
        {
            ServingRequest request = new(0, [.. Enumerable.Range(1, prompt)], 4);
            Assert.Equal(0, Run(running: 1, ahead, BlocksOf(request), requests: request).Loop.Preempted);
        }
    }

    [Fact]
    public void A_request_that_does_not_fit_is_refused()
    {
        ServingRequest request = requests.First(one => Expected[one.Id].Count == one.Wanted);
        Assert.Equal("MLP4003", Assert.Throws<KernelException>(() => Run(running: 1, ahead: 3, BlocksOf(request) - 1, requests: request)).Code);
    }

    [Fact]
    public void Prompts_of_those_who_left_make_room_for_those_who_come() =>
        Assert.Equal(0, Run(running: 1, ahead: 3, requests.Max(BlocksOf)).Loop.Preempted);

    [Fact]
    public void A_prompt_that_found_no_room_half_way_begins_anew()
    {
        ServingRequest[] two = [new(0, [.. Enumerable.Range(1, 14)], 4), new(1, [.. Enumerable.Range(101, 17)], 4)];
        Assert.Equal(0, Run(running: 1, ahead: 3, BlocksOf(two[1]), requests: two).Loop.Preempted);
    }

    // The third finds the first's prompt, has no room beside what is stored of the second's, and begins anew.
    [Fact]
    public void What_was_found_in_a_cache_and_dropped_again_is_not_saved()
    {
        int[] prompt = [.. Enumerable.Range(1, 14)], other = [.. Enumerable.Range(101, 5)];
        ServingRequest[] three = [new(0, prompt, 4), new(1, other, 1), new(2, prompt, 8)];
        var needed = BlocksOf(three[2]);
        Assert.Equal(0, Run(running: 1, ahead: 50, needed, requests: three).Loop.TokensSaved);
        Assert.Equal(12, Run(running: 1, ahead: 50, needed + 1, requests: three).Loop.TokensSaved);
    }

    static int BlocksOf(ServingRequest request) => (request.Prompt.Count + request.Wanted - 1 + BlockTokens - 1) / BlockTokens;

    // A draft that remembers what was refused guesses worse, and nothing else would show it.
    [Theory]
    [InlineData(4, 3)]
    [InlineData(12, 5)]
    public void Proposes_and_accepts_what_it_would_without_caches(int running, int ahead)
    {
        var (loop, _, _) = Run(running, ahead, Plenty);
        var expected = requests.Select(request => Speculated(Target.WithFewerLayers(2), request, ahead)).ToList();
        Assert.Equal((expected.Sum(one => one.Proposed), expected.Sum(one => one.Accepted)), (loop.Proposed, loop.Accepted));
    }

    /// <summary>Rounds of one request: the draft computes each step from nothing, and the answer is known.</summary>
    static (int Proposed, int Accepted) Speculated(TinyModel draft, ServingRequest request, int ahead)
    {
        var (answer, proposed, accepted) = (Expected[request.Id], 0, 0);
        for (var said = 0; said <= answer.Count && said < request.Wanted;)
        {
            var proposals = GreedyDecoding.Continue(draft, Grammar, request.Prompt, answer.Take(said), Math.Min(ahead, request.Wanted - said - 1));
            proposed += proposals.Count;
            var agreeing = proposals.Zip(answer.Skip(said), (a, b) => a == b).TakeWhile(same => same).Count();
            accepted += agreeing;
            said += agreeing + 1;
        }
        return (proposed, accepted);
    }

    /// <summary>Answers all requests, or those that are given, and holds the answers against greedy decoding.</summary>
    (ServingLoop Loop, CachedModel Target, ContinuousBatcher Batcher) Run(
        int running, int ahead, int blocks, TinyModel? draft = null, params ServingRequest[] requests)
    {
        var target = new CachedModel(Target, BlockTokens, blocks);
        var second = new CachedModel(draft ?? Target.WithFewerLayers(2), BlockTokens, blocks);
        var batcher = new ContinuousBatcher(running, 200);
        var loop = new ServingLoop(target, second, Grammar, batcher, ahead);
        var asked = requests.Length == 0 ? this.requests : [.. requests];
        asked.ForEach(loop.Submit);
        var answers = loop.Run();
        Assert.All(asked, request => Assert.Equal(GreedyDecoding.Decode(Target, Grammar, request), answers[request.Id]));
        Assert.Equal((0, 0), (target.UsedBlocks, second.UsedBlocks));
        return (loop, target, batcher);
    }

    static readonly Dictionary<long, IReadOnlyList<int>> Expected = Prompts()
        .ToDictionary(request => request.Id, request => GreedyDecoding.Decode(Target, Grammar, request));

    // Some prompts begin as others do, some are alike, one is a single token.
    static List<ServingRequest> Prompts()
    {
        var random = new RandomData(21);
        int[] system = [.. Enumerable.Range(0, 13).Select(_ => random.Between(1, 999))];
        return [.. Enumerable.Range(0, Requests).Select(id => new ServingRequest(id, id switch
        {
            0 => [7],
            1 or 2 => system,
            _ => [.. system.Take(random.Between(1, 13)), .. Enumerable.Range(0, random.Between(0, 6)).Select(_ => random.Between(1, 999))],
        }, random.Between(3, 30)))];
    }
}

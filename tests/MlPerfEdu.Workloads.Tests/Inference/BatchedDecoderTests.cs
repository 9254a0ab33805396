using System.Text;
using MlPerfEdu.Numerics;
using MlPerfEdu.Serving.Grammar;
using MlPerfEdu.Workloads.Cloud.Gpt;

namespace MlPerfEdu.Workloads.Tests.Inference;

public sealed class BatchedDecoderTests : IDisposable
{
    const int MostTokens = 100, Prompts = 24;

    // Short texts of one character, and some of two.
    static readonly string[] Texts = [.. "{}\":,[]-0123456789nltruefas".Select(c => c.ToString()), "tr", "ue", "10", "\":"];

    static readonly GrammarCache Grammar = new(
        JsonSchema.Parse(
            """
            { "type": "object", "required": ["n", "l"], "properties": {
                "n": { "type": "integer" }, "l": { "type": "array", "items": { "type": "boolean" }, "maxItems": 9 } } }
            """),
        new Vocabulary([[], .. Texts.Select(Encoding.UTF8.GetBytes)]));

    readonly SmallGpt gpt = new();
    readonly BatchedDecoder decoder;

    public BatchedDecoderTests() => decoder = new BatchedDecoder(gpt.Cached, MostTokens);

    public void Dispose()
    {
        decoder.Dispose();
        gpt.Dispose();
    }

    /// <summary>Token for token, whoever shares a step with it, whoever had its cache before, with and without a grammar.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Batched_answers_are_those_of_one_after_another_in_any_order_of_arrival(int order)
    {
        var random = new Random(order);
        var waiting = new Stack<int>(Enumerable.Range(0, Prompts).OrderBy(_ => random.Next()));
        var answers = new Dictionary<long, DecodedAnswer>();
        while (waiting.Count > 0 || decoder.Open > 0)
        {
            for (var arrivals = random.Next(3); arrivals > 0 && waiting.TryPop(out var id); arrivals--)
                decoder.Submit(Request(id) with { Answered = answer => answers.Add(answer.Id, answer) });
            decoder.Step();
        }

        for (var id = 0; id < Prompts; id++)
        {
            var (tokens, end) = Alone(Request(id));
            Assert.Equal(tokens, answers[id].Tokens);
            Assert.Equal(end, answers[id].End);
        }

        Assert.Contains(answers.Values, answer => answer.End == AnswerEnd.Stopped);
        Assert.Contains(answers.Values, answer => answer.End == AnswerEnd.Full);
        Assert.Equal(0, decoder.CachesInUse);
    }

    [Fact]
    public void Tokens_are_told_one_by_one_and_then_the_answer()
    {
        var told = new List<string>();
        decoder.Submit(new DecodingRequest(7, [1, 2, 3], 3)
        {
            TokenReady = token => told.Add($"{token}"),
            Answered = answer => told.Add(string.Join(' ', answer.Tokens)),
        });
        while (decoder.Step()) { }
        Assert.Equal(4, told.Count);
        Assert.Equal(string.Join(' ', told[..3]), told[3]);
    }

    [Fact]
    public void A_step_is_one_pass_for_all_that_run()
    {
        for (var id = 0; id < SmallGpt.MostRows; id++)
            decoder.Submit(new DecodingRequest(id, [id], 11));
        while (decoder.Step()) { }
        // The first token of each follows from its prompt.
        Assert.Equal((11 * SmallGpt.MostRows, 10), decoder.Done);
    }

    [Fact]
    public void A_grammar_whose_next_byte_no_token_has_ends_the_answer()
    {
        var answers = new List<DecodedAnswer>();
        var grammar = new GrammarCache(Expression.Text("1x"), new Vocabulary([[], "1"u8.ToArray()]));
        decoder.Submit(new DecodingRequest(1, [1], 5) { Grammar = grammar, Answered = answers.Add });
        Assert.False(decoder.Step());
        Assert.Equal((AnswerEnd.NothingAllowed, 1), (answers[0].End, answers[0].Tokens.Count));
    }

    [Theory]
    [InlineData(0, 5, "MLP4006")]
    [InlineData(3, 0, "MLP4006")]
    [InlineData(90, 11, "MLP4006")]
    public void Too_few_and_too_many_tokens_are_refused(int prompt, int tokens, string code)
    {
        var error = Assert.Throws<KernelException>(() => decoder.Submit(new DecodingRequest(1, new int[prompt], tokens)));
        Assert.Equal(code, error.Code);
        Assert.Equal(0, decoder.Open);
    }

    [Fact]
    public void Unknown_tokens_other_vocabularies_and_open_ids_are_refused()
    {
        decoder.Submit(new DecodingRequest(1, [1], 5));
        Assert.Throws<KernelException>(() => decoder.Submit(new DecodingRequest(1, [1], 5)));
        Assert.Throws<KernelException>(() => decoder.Submit(new DecodingRequest(2, [gpt.Cached.Vocabulary], 5)));
        var larger = new GrammarCache(Expression.Text("a"), new Vocabulary([[], .. Enumerable.Repeat("a"u8.ToArray(), gpt.Cached.Vocabulary)]));
        Assert.Throws<KernelException>(() => decoder.Submit(new DecodingRequest(3, [1], 5) { Grammar = larger }));
        Assert.Equal(1, decoder.Open);
        Assert.False(decoder.Cancel(2));
    }

    [Fact]
    public void A_client_that_leaves_frees_its_cache_and_disturbs_nobody()
    {
        var (left, stayed) = (new List<int>(), new List<DecodedAnswer>());
        decoder.Submit(new DecodingRequest(1, [1, 2], 90) { TokenReady = left.Add, Answered = _ => Assert.Fail("left") });
        decoder.Submit(new DecodingRequest(2, [3, 4], 20) { Answered = stayed.Add });
        decoder.Step();
        Assert.Equal(2, decoder.CachesInUse);
        Assert.True(decoder.Cancel(1));
        Assert.Equal(1, decoder.CachesInUse);
        var heard = left.Count;
        // One that still waits may leave, too.
        decoder.Submit(new DecodingRequest(3, [5], 20) { TokenReady = left.Add });
        Assert.True(decoder.Cancel(3));
        while (decoder.Step()) { }
        Assert.Equal(heard, left.Count);
        Assert.Equal(Alone(new DecodingRequest(2, [3, 4], 20)).Tokens, stayed[0].Tokens);
        Assert.Equal(0, decoder.CachesInUse);
    }

    [Fact]
    public void Listeners_may_cancel_submit_and_throw()
    {
        var answers = new List<DecodedAnswer>();
        decoder.Submit(new DecodingRequest(1, [1], 3) { TokenReady = _ => decoder.Cancel(2), Answered = _ => throw new IOException("gone") });
        decoder.Submit(new DecodingRequest(2, [2], 3) { Answered = answers.Add });
        decoder.Submit(new DecodingRequest(3, [3], 3)
        {
            Answered = answer =>
            {
                answers.Add(answer);
                decoder.Submit(new DecodingRequest(4, [4], 3) { Answered = answers.Add });
            },
        });
        var thrown = 0;
        for (var step = 0; step < 10; step++)
            try { decoder.Step(); } catch (IOException) { thrown++; }
        Assert.Equal(1, thrown);
        Assert.Equal([3, 4], answers.Select(answer => answer.Id));
        Assert.All(answers, answer => Assert.Equal(Alone(new DecodingRequest(0, [(int)answer.Id], 3)).Tokens, answer.Tokens));
        Assert.Equal((0, 0), (decoder.Open, decoder.CachesInUse));
    }

    [Fact]
    public void A_thousand_requests_queue_up()
    {
        var answers = new HashSet<long>();
        for (var id = 0; id < 1000; id++)
            decoder.Submit(new DecodingRequest(id, [id % 32, 5], 4) { Answered = answer => answers.Add(answer.Id) });
        while (decoder.Step())
            Assert.InRange(decoder.CachesInUse, 0, SmallGpt.MostRows);
        Assert.Equal(1000, answers.Count);
        Assert.Equal(0, decoder.CachesInUse);
    }

    static DecodingRequest Request(int id) =>
        new(id, SmallGpt.Tokens(1 + 7 * id % 40, seed: id), 5 + 11 * id % 50) { Stop = id % 4 == 0 ? id : null, Grammar = id % 2 == 0 ? Grammar : null };

    // A cache of its own and one token after another; of the allowed tokens the most likely.
    (List<int> Tokens, AnswerEnd End) Alone(DecodingRequest request)
    {
        using var cache = gpt.Cached.NewCache(MostTokens);
        var answer = new List<int>();
        var state = GrammarCache.Start;
        var logits = gpt.Cached.Prefill(cache, [.. request.Prompt]);
        while (true)
        {
            var token = Enumerable.Range(0, logits.Length)
                .Where(token => request.Grammar?.IsAllowed(state, token) != false)
                .MaxBy(token => logits[token]);
            if (token == request.Stop || request.Grammar is not null && token == Vocabulary.End)
                return (answer, AnswerEnd.Stopped);
            answer.Add(token);
            if (answer.Count == request.MostTokens)
                return (answer, AnswerEnd.Full);
            state = request.Grammar?.Next(state, token) ?? state;
            logits = gpt.Cached.Append(cache, token).ToArray();
        }
    }
}

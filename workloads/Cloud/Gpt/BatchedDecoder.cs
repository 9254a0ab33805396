using MlPerfEdu.Numerics;
using MlPerfEdu.Serving.Grammar;
using MlPerfEdu.Serving.Scheduling;

namespace MlPerfEdu.Workloads.Cloud.Gpt;

/// <summary>
/// Answers many requests at once, always with the most likely token: a request that arrives joins the running ones at the next step, and leaves as soon
/// as it is answered. A step reads the weights once for all of them, and gives each the bits that it would get alone. One thread calls all of this.
/// </summary>
public sealed class BatchedDecoder : IDisposable
{
    readonly CachedGpt gpt;
    readonly int mostTokens;
    readonly ContinuousBatcher batcher;
    readonly Dictionary<long, Answering> answering = [];
    readonly List<KeyValueCache> caches = [];
    readonly Stack<KeyValueCache> spare = new();
    // What happened and was not told yet; kept when a listener throws.
    readonly Queue<(Answering To, int? Token)> news = new();

    /// <param name="gpt">Its most rows are the most requests that run at once.</param>
    /// <param name="mostTokens">Of a prompt and its answer together; as many positions as a cache has.</param>
    public BatchedDecoder(CachedGpt gpt, int mostTokens)
    {
        (this.gpt, this.mostTokens) = (gpt, mostTokens);
        batcher = new ContinuousBatcher(gpt.MostRows, mostTokens);
        spare.Push(NewCache());
    }

    /// <summary>Requests that are not answered yet.</summary>
    public int Open => answering.Count;

    public int CachesInUse => caches.Count - spare.Count;

    /// <summary>Tokens of answers so far, and the passes through the model that they took, without those of prompts.</summary>
    public (long Tokens, long Passes) Done { get; private set; }

    /// <exception cref="KernelException">No tokens, too many, unknown ones, or an id that is still open.</exception>
    public void Submit(DecodingRequest request)
    {
        foreach (var token in request.Prompt)
            Guard.Index(token, gpt.Vocabulary, "token of a prompt");
        if (request.Grammar is { } grammar && grammar.Tokens > gpt.Vocabulary)
            throw KernelErrors.OutOfRange("a grammar of", $"{grammar.Tokens} tokens", $"at most the model's {gpt.Vocabulary}");
        batcher.Submit(request.Id, request.Prompt.Count, request.MostTokens);
        answering.Add(request.Id, new(request));
    }

    /// <summary>Drops a request whose client is gone; it hears nothing more.</summary>
    /// <returns>Whether it was open.</returns>
    public bool Cancel(long id)
    {
        if (!answering.TryGetValue(id, out var one))
            return false;
        one.IsCancelled = true;
        if (batcher.StateOf(id) == RequestState.Running)
            batcher.Finish(id);
        Forget(one);
        return true;
    }

    /// <summary>Lets new requests in and gives each running one its next token.</summary>
    /// <returns>Whether any request is left.</returns>
    public bool Step()
    {
        Tell();
        var running = batcher.Step().ToArray();
        foreach (var id in running)
        {
            // A listener may have cancelled it meanwhile.
            if (!answering.TryGetValue(id, out var one) || one.Cache is not null)
                continue;
            Take(one, gpt.Prefill(Begin(one), [.. one.Request.Prompt]));
            Tell();
        }

        Pass([.. running.Select(answering.GetValueOrDefault).OfType<Answering>()]);
        Tell();
        return answering.Count > 0;
    }

    void Pass(Answering[] running)
    {
        if (running.Length == 0)
            return;
        var logits = gpt.AppendEach(Array.ConvertAll(running, one => one.Cache!), Array.ConvertAll(running, one => one.Tokens[^1]));
        Done = Done with { Passes = Done.Passes + 1 };
        foreach (var (row, one) in running.Index())
            Take(one, logits.Slice(row * gpt.Vocabulary, gpt.Vocabulary));
    }

    void Take(Answering one, ReadOnlySpan<float> logits)
    {
        var token = one.Choose(logits);
        if (one.IsEnd(token))
        {
            batcher.Finish(one.Request.Id);
            End(one, token < 0 ? AnswerEnd.NothingAllowed : AnswerEnd.Stopped);
            return;
        }

        one.Append(token);
        Done = Done with { Tokens = Done.Tokens + 1 };
        news.Enqueue((one, token));
        if (batcher.Complete(one.Request.Id, token) == RequestState.Finished)
            End(one, AnswerEnd.Full);
    }

    void End(Answering one, AnswerEnd end)
    {
        one.End = end;
        Forget(one);
        news.Enqueue((one, null));
    }

    KeyValueCache Begin(Answering one)
    {
        one.Cache = spare.TryPop(out var cache) ? cache : NewCache();
        // What another request left in it.
        one.Cache.Truncate(0);
        return one.Cache;
    }

    void Forget(Answering one)
    {
        if (one.Cache is not null)
            spare.Push(one.Cache);
        one.Cache = null;
        batcher.Forget(one.Request.Id);
        answering.Remove(one.Request.Id);
    }

    void Tell()
    {
        while (news.TryDequeue(out var item))
        {
            var (to, token) = item;
            if (to.IsCancelled)
                continue;
            if (token is { } ready)
                to.Request.TokenReady?.Invoke(ready);
            else
                to.Request.Answered?.Invoke(new(to.Request.Id, to.Tokens, to.End));
        }
    }

    KeyValueCache NewCache()
    {
        var cache = gpt.NewCache(mostTokens);
        caches.Add(cache);
        return cache;
    }

    public void Dispose() => caches.ForEach(cache => cache.Dispose());

    sealed class Answering(DecodingRequest request)
    {
        GrammarState state = GrammarCache.Start;

        public DecodingRequest Request => request;

        /// <summary>The answer so far.</summary>
        public List<int> Tokens { get; } = [];

        /// <summary>Present from its prompt to its end.</summary>
        public KeyValueCache? Cache { get; set; }

        public AnswerEnd End { get; set; }

        public bool IsCancelled { get; set; }

        public int Choose(ReadOnlySpan<float> logits) =>
            request.Grammar is { } grammar ? Greedy.Choose(logits, grammar.Mask(state)) : Logits.Greedy(logits);

        public bool IsEnd(int token) => token < 0 || token == request.Stop || request.Grammar is not null && token == Vocabulary.End;

        public void Append(int token)
        {
            Tokens.Add(token);
            if (request.Grammar is { } grammar)
                state = grammar.Next(state, token);
        }
    }
}

/// <summary>What a client wants. Its listeners are called from <see cref="BatchedDecoder.Step"/>; they may submit and cancel requests.</summary>
/// <param name="Id">Of no other open request.</param>
/// <param name="Prompt">At least one token.</param>
/// <param name="MostTokens">Of the answer.</param>
public sealed record DecodingRequest(long Id, IReadOnlyList<int> Prompt, int MostTokens)
{
    /// <summary>Ends the answer and is no part of it.</summary>
    public int? Stop { get; init; }

    /// <summary>What the answer may be; the end of its vocabulary ends the answer, too.</summary>
    public GrammarCache? Grammar { get; init; }

    public Action<int>? TokenReady { get; init; }

    public Action<DecodedAnswer>? Answered { get; init; }
}

public sealed record DecodedAnswer(long Id, IReadOnlyList<int> Tokens, AnswerEnd End);

public enum AnswerEnd
{
    /// <summary>The model said that it is complete.</summary>
    Stopped,

    /// <summary>It has as many tokens as were asked for.</summary>
    Full,

    /// <summary>The grammar goes on, but with no token of the vocabulary.</summary>
    NothingAllowed,
}

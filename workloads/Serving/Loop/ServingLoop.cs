using MlPerfEdu.Serving.Scheduling;

namespace MlPerfEdu.Serving.Loop;

/// <param name="Prompt">At least one token.</param>
/// <param name="Wanted">Tokens at most.</param>
sealed record ServingRequest(long Id, IReadOnlyList<int> Prompt, int Wanted);

/// <summary>A small language model server: requests come and go in a running batch, share cached prefixes of their prompts, and get several tokens
/// per step from a draft that the target verifies, in one pass for all of them. Answers are those of greedy decoding.</summary>
sealed class ServingLoop
{
    const string NoRoom = "MLP4003";

    // In the first, requests freed blocks for each other; in the second all of them were free.
    const int MostIdleSteps = 2;

    readonly CachedModel target;
    readonly Draft draft;
    readonly CachedModel[] models;
    readonly GrammarCache grammar;
    readonly ContinuousBatcher batcher;
    readonly StoredPrompts prompts;
    readonly Dictionary<long, Conversation> conversations = [];

    /// <param name="ahead">Tokens to draft at most.</param>
    public ServingLoop(CachedModel target, CachedModel draft, GrammarCache grammar, ContinuousBatcher batcher, int ahead)
    {
        (this.target, this.draft, models) = (target, new(draft, grammar, ahead), [target, draft]);
        (this.grammar, this.batcher, prompts) = (grammar, batcher, new(models));
    }

    public int Proposed { get; private set; }
    public int Accepted { get; private set; }
    public int Preempted { get; private set; }
    /// <summary>Prompt tokens found in a cache.</summary>
    public int TokensSaved { get; private set; }

    public void Submit(ServingRequest request)
    {
        batcher.Submit(request.Id, request.Prompt.Count, request.Wanted);
        conversations[request.Id] = new(request);
    }

    /// <summary>Runs until every request is finished.</summary>
    /// <returns>The answer to each.</returns>
    public IReadOnlyDictionary<long, IReadOnlyList<int>> Run()
    {
        var idle = 0;
        while (batcher.Step().ToArray() is { Length: > 0 } running)
        {
            var before = Progress;
            Verify(draft.Propose(running.Select(id => conversations[id]).ToList().FindAll(IsReady)));
            idle = Progress == before ? idle + 1 : 0;
            if (idle == MostIdleSteps)
                throw KernelErrors.OutOfRoom("blocks for any of the requests", 1, 0);
        }
        prompts.Drop();
        return conversations.ToDictionary(pair => pair.Key, pair => pair.Value.Generated);
    }

    (long, int) Progress => (batcher.Tokens, batcher.Count(RequestState.Finished));

    /// <summary>Reserves blocks for a step of a conversation; where caches are full, preempts it until others have freed some.</summary>
    bool IsReady(Conversation conversation)
    {
        // Stored prompts can be recomputed; so, at greater cost, can this request.
        if (TryMakeReady(conversation) || prompts.Drop() && TryMakeReady(conversation))
            return true;
        batcher.Preempt(conversation.Id);
        Preempted++;
        Release(conversation);
        return false;
    }

    bool TryMakeReady(Conversation conversation)
    {
        var wasCached = conversation.IsCached;
        try
        {
            var known = wasCached ? 0 : Prefill(conversation);
            var length = conversation.CachedCount + 1 + draft.Ahead(conversation);
            foreach (var model in models)
                model.Reserve(conversation.Id, length - model.Length(conversation.Id));
            TokensSaved += known;
            return true;
        }
        catch (KernelException error) when (error.Code == NoRoom)
        {
            if (!wasCached)
                Release(conversation);
            return false;
        }
    }

    /// <summary>Puts all but the last token into both caches, after the longest prefix that is cached already.</summary>
    /// <returns>The length of that prefix.</returns>
    int Prefill(Conversation conversation)
    {
        var (id, tokens) = (conversation.Id, conversation.Cached.ToArray());
        conversation.IsCached = true;
        var known = prompts.Begin(id, tokens);
        if (known == tokens.Length)
            return known;
        var rest = conversation.From(known).SkipLast(1).ToList();
        foreach (var model in models)
        {
            model.Reserve(id, rest.Count);
            model.Remember(rest);
        }
        prompts.Store(id, tokens, known);
        return known;
    }

    /// <summary>One pass of the target over the last token of all conversations and their drafts.</summary>
    void Verify(List<Guess> guesses)
    {
        if (guesses.Count == 0)
            return;
        List<NextToken> next = [];
        foreach (var guess in guesses)
        {
            var conversation = guess.Conversation;
            guess.Row = next.Count;
            next.AddRange([new(conversation.Id, conversation.Last), .. guess.Tokens.Select(token => new NextToken(conversation.Id, token))]);
        }
        var logits = target.Append(next);
        foreach (var guess in guesses)
        {
            Accept(guess, logits);
            if (batcher.StateOf(guess.Conversation.Id) == RequestState.Running)
                DropRejected(guess.Conversation);
            else
                Release(guess.Conversation);
        }
    }

    /// <summary>Takes the target's tokens while the guess agrees, and one more.</summary>
    void Accept(Guess guess, Logits logits)
    {
        var conversation = guess.Conversation;
        Proposed += guess.Tokens.Count;
        for (var index = 0; ; index++)
        {
            var token = Greedy.Choose(logits[guess.Row + index], grammar.Mask(conversation.State));
            if (token == Vocabulary.End)
            {
                batcher.Finish(conversation.Id);
                return;
            }
            conversation.Append(token, grammar);
            if (batcher.Complete(conversation.Id, token) == RequestState.Finished || index == guess.Tokens.Count || guess.Tokens[index] != token)
                return;
            Accepted++;
        }
    }

    void DropRejected(Conversation conversation)
    {
        foreach (var model in models)
            model.Truncate(conversation.Id, Math.Min(conversation.CachedCount, model.Length(conversation.Id)));
    }

    void Release(Conversation conversation)
    {
        if (!conversation.IsCached)
            return;
        conversation.IsCached = false;
        foreach (var model in models)
            model.Free(conversation.Id);
    }
}

/// <summary>A request, its answer so far, and the state of the answer in the grammar.</summary>
sealed class Conversation(ServingRequest request) : GrammarText([.. request.Prompt], GrammarCache.Start)
{
    public long Id => request.Id;
    /// <summary>Whether the models' caches hold it.</summary>
    public bool IsCached { get; set; }
    /// <summary>The token that goes through the models next.</summary>
    public int Last => Tokens[^1];
    /// <summary>The tokens before it, which are in the target's cache.</summary>
    public IEnumerable<int> Cached => Tokens.SkipLast(1);
    public int CachedCount => Tokens.Count - 1;
    public IReadOnlyList<int> Generated => Tokens[request.Prompt.Count..];
    /// <summary>Tokens that it may still generate.</summary>
    public int Remaining => request.Prompt.Count + request.Wanted - Tokens.Count;

    public IEnumerable<NextToken> From(int start) => Tokens.Skip(start).Select(token => new NextToken(Id, token));
}

/// <summary>Tokens and the grammar's state after them.</summary>
abstract class GrammarText(List<int> tokens, GrammarState state)
{
    public List<int> Tokens => tokens;
    public GrammarState State { get; private set; } = state;

    public void Append(int token, GrammarCache grammar)
    {
        tokens.Add(token);
        State = grammar.Next(State, token);
    }
}

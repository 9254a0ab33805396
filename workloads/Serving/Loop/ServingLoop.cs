using MlPerfEdu.Serving.Grammar;
using MlPerfEdu.Serving.Prefixes;
using MlPerfEdu.Serving.Scheduling;

namespace MlPerfEdu.Serving.Loop;

/// <summary>
/// What a server of a language model does, in small: requests come and go in a running batch, share the cache of what their prompts
/// begin with, and get several tokens per step from a draft that the target confirms. Their answers are those of <see cref="Greedy"/>.
/// </summary>
sealed class ServingLoop(CachedModel target, CachedModel draft, GrammarCache grammar, ContinuousBatcher batcher, int ahead)
{
    const string NoRoom = "MLP4003";
    const int Stored = 64;

    // In the first, requests made room for each other; in the second it was all there.
    const int MostIdleSteps = 2;

    readonly Dictionary<long, Conversation> _conversations = [];
    readonly List<long> _stored = [];
    PrefixPool<long> _prefixes = new(Stored);

    public int Proposed { get; private set; }

    public int Accepted { get; private set; }

    public int Preempted { get; private set; }

    /// <summary>Tokens of prompts that were in a cache already.</summary>
    public int TokensSaved { get; private set; }

    public void Submit(ServingRequest request)
    {
        batcher.Submit(request.Id, request.Prompt.Count, request.Wanted);
        _conversations[request.Id] = new(request);
    }

    /// <summary>Until every request is finished.</summary>
    /// <returns>What each was answered.</returns>
    public IReadOnlyDictionary<long, IReadOnlyList<int>> Run()
    {
        var idle = 0;
        while (batcher.Step().ToArray() is { Length: > 0 } running)
        {
            var before = Progress;
            foreach (var id in running)
                Advance(_conversations[id]);
            idle = Progress == before ? idle + 1 : 0;
            if (idle == MostIdleSteps)
                throw ServingErrors.OutOfRoom("blocks for any of the requests", 1, 0);
        }
        DropPrefixes();
        return _conversations.ToDictionary(pair => pair.Key, pair => pair.Value.Generated);
    }

    (long, int) Progress => (batcher.Tokens, batcher.Count(RequestState.Finished));

    void Advance(Conversation conversation)
    {
        var id = conversation.Id;
        try
        {
            if (!conversation.IsCached)
                Prefill(conversation);
            Speak(conversation);
        }
        catch (ServingException error) when (error.Code == NoRoom)
        {
            // What is stored of prompts can be computed again; so can this request, when others have made room.
            DropPrefixes();
            batcher.Preempt(id);
            Preempted++;
        }
        if (batcher.StateOf(id) != RequestState.Running)
            Release(conversation);
    }

    /// <summary>Everything but the last token into both caches, from the longest beginning that is there already.</summary>
    void Prefill(Conversation conversation)
    {
        var (id, tokens) = (conversation.Id, conversation.Cached.ToArray());
        conversation.IsCached = true;
        var stored = 0L;
        var known = tokens.Length == 0 ? 0 : _prefixes.TryGetLongest(tokens, out stored);
        TokensSaved += known;
        foreach (var model in Models)
        {
            if (known > 0)
                model.Fork(stored, id);
            else
                model.Add(id);
        }
        foreach (var token in tokens[known..])
        {
            foreach (var model in Models)
                model.Append(id, token);
        }
        if (tokens.Length > known && _stored.Count < Stored)
            Store(id, tokens);
    }

    void Store(long id, int[] tokens)
    {
        // Below all requests' own numbers.
        var copy = -1 - (long)_stored.Count;
        _stored.Add(copy);
        foreach (var model in Models)
            model.Fork(id, copy);
        _prefixes.Put(tokens, copy);
    }

    void Speak(Conversation conversation)
    {
        var id = conversation.Id;
        var proposals = Propose(conversation);
        for (var index = 0; index <= proposals.Count; index++)
        {
            var token = Greedy.Choose(target.Append(id, conversation.Last), grammar.Mask(conversation.State));
            if (token == Vocabulary.End)
            {
                batcher.Finish(id);
                return;
            }
            conversation.Say(token, grammar);
            if (batcher.Complete(id, token) == RequestState.Finished)
                return;
            if (index == proposals.Count || proposals[index] != token)
                break;
            Accepted++;
        }
        CatchUp(conversation);
    }

    /// <summary>What the draft would say, as far ahead as it may look.</summary>
    List<int> Propose(Conversation conversation)
    {
        List<int> proposals = [];
        var (state, token) = (conversation.State, conversation.Last);
        while (proposals.Count < ahead)
        {
            token = Greedy.Choose(draft.Append(conversation.Id, token), grammar.Mask(state));
            if (token == Vocabulary.End)
                break;
            proposals.Add(token);
            state = grammar.Next(state, token);
        }
        Proposed += proposals.Count;
        return proposals;
    }

    // The draft forgets what the target refused, or learns the last token of what it confirmed.
    void CatchUp(Conversation conversation)
    {
        var (id, length) = (conversation.Id, target.Length(conversation.Id));
        if (draft.Length(id) > length)
            draft.Truncate(id, length);
        foreach (var token in conversation.Cached.Skip(draft.Length(id)).ToArray())
            draft.Append(id, token);
    }

    void Release(Conversation conversation)
    {
        if (!conversation.IsCached)
            return;
        conversation.IsCached = false;
        foreach (var model in Models)
            model.Free(conversation.Id);
    }

    void DropPrefixes()
    {
        foreach (var copy in _stored)
        {
            foreach (var model in Models)
                model.Free(copy);
        }
        _stored.Clear();
        _prefixes = new(Stored);
    }

    IEnumerable<CachedModel> Models => [target, draft];
}

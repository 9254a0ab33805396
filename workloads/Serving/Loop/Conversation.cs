using MlPerfEdu.Serving.Grammar;

namespace MlPerfEdu.Serving.Loop;

/// <summary>A request, what it has been answered so far, and where its answer stands in the grammar.</summary>
sealed class Conversation(ServingRequest request)
{
    readonly List<int> _tokens = [.. request.Prompt];

    public long Id => request.Id;

    public GrammarState State { get; private set; } = GrammarCache.Start;

    /// <summary>Whether the models' caches hold it.</summary>
    public bool IsCached { get; set; }

    /// <summary>The token that goes through the models next.</summary>
    public int Last => _tokens[^1];

    /// <summary>The tokens before it, which are in the target's cache.</summary>
    public IEnumerable<int> Cached => _tokens.SkipLast(1);

    public int CachedCount => _tokens.Count - 1;

    public IReadOnlyList<int> Generated => _tokens[request.Prompt.Count..];

    /// <summary>How many tokens it may still say.</summary>
    public int Remaining => request.Prompt.Count + request.Wanted - _tokens.Count;

    /// <summary>All tokens from a place on, on their way into a model.</summary>
    public IEnumerable<NextToken> From(int start) => _tokens.Skip(start).Select(token => new NextToken(Id, token));

    public void Say(int token, GrammarCache grammar)
    {
        _tokens.Add(token);
        State = grammar.Next(State, token);
    }
}

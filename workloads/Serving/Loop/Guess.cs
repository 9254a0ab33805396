using MlPerfEdu.Serving.Grammar;

namespace MlPerfEdu.Serving.Loop;

/// <summary>What the draft expects a conversation to go on with.</summary>
sealed class Guess(Conversation conversation)
{
    readonly List<int> _tokens = [];

    public Conversation Conversation => conversation;

    public IReadOnlyList<int> Tokens => _tokens;

    /// <summary>Where the grammar stands behind the guess.</summary>
    public GrammarState State { get; private set; } = conversation.State;

    /// <summary>Its row among those of all conversations in a pass.</summary>
    public int Row { get; set; }

    public void Add(int token, GrammarCache grammar)
    {
        _tokens.Add(token);
        State = grammar.Next(State, token);
    }
}

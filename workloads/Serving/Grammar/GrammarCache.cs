namespace MlPerfEdu.Serving.Grammar;

/// <summary>Where a text stands in its grammar.</summary>
readonly record struct GrammarState(int Value);

/// <summary>
/// Which tokens may come next, for a grammar and a vocabulary: a bit per token, made once per state and kept. Tokens are laid out as a
/// tree, so that what they begin with alike is followed once.
/// </summary>
sealed class GrammarCache
{
    const int Word = 64;

    readonly Automaton _automaton;
    readonly Vocabulary _vocabulary;
    readonly TokenTree _tree;
    readonly ulong[]?[] _masks;

    public GrammarCache(Expression grammar, Vocabulary vocabulary)
    {
        _automaton = new(grammar);
        _vocabulary = vocabulary;
        _tree = new(vocabulary);
        _masks = new ulong[_automaton.States][];
    }

    public static GrammarState Start => new(Automaton.Start);

    public int States => _automaton.States;

    /// <summary>States whose mask is kept.</summary>
    public int Cached { get; private set; }

    /// <summary>Words of a mask; token t is bit t % 64 of word t / 64.</summary>
    public int MaskWords => (_vocabulary.Count + Word - 1) / Word;

    public bool IsEnd(GrammarState state) => _automaton.Accepts(Checked(state));

    public ReadOnlySpan<ulong> Mask(GrammarState state) => _masks[Checked(state)] ?? Keep(state);

    public bool IsAllowed(GrammarState state, int token) => (Mask(state)[Checked(token) / Word] >> (token % Word) & 1) != 0;

    /// <summary>The state after a token.</summary>
    /// <exception cref="ServingException">The grammar does not allow it here, or it ends the text.</exception>
    public GrammarState Next(GrammarState state, int token)
    {
        var next = token == Vocabulary.End ? Automaton.Dead : _automaton.Next(Checked(state), _vocabulary[Checked(token)]);
        return next != Automaton.Dead ? new(next) : throw ServingErrors.OutOfRange(
            "token", token, "one that the mask of the state allows, and not the end");
    }

    /// <summary>Makes a mask without keeping it.</summary>
    /// <param name="mask">(mask words)</param>
    public void Build(GrammarState state, Span<ulong> mask)
    {
        var at = Checked(state);
        Guard.Length(mask.Length, MaskWords, "words of a mask");
        mask.Clear();
        _tree.Allowed(_automaton, at, mask);
        if (_automaton.Accepts(at))
            mask[Vocabulary.End / Word] |= 1UL << (Vocabulary.End % Word);
    }

    ulong[] Keep(GrammarState state)
    {
        var mask = new ulong[MaskWords];
        Build(state, mask);
        _masks[state.Value] = mask;
        Cached++;
        return mask;
    }

    int Checked(GrammarState state) => (uint)state.Value < (uint)States
        ? state.Value : throw ServingErrors.UnknownId("state", state.Value, $"0 to {States - 1}");

    int Checked(int token) => (uint)token < (uint)_vocabulary.Count
        ? token : throw ServingErrors.UnknownId("token", token, $"0 to {_vocabulary.Count - 1}");
}

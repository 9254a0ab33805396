using System.Numerics.Tensors;
using MlPerfEdu.Serving.Numerics;

namespace MlPerfEdu.Serving.Eagle;

/// <summary>
/// Drafts from the target's own hidden states (Li et al. 2025, EAGLE-3): states of a low, a middle and a high layer are fused once, and
/// then each step makes the next state from the last one and the token that it led to. One dense layer stands where the paper has a
/// decoder layer.
/// </summary>
public sealed class EagleDrafter
{
    readonly AlignedBuffer<float> _fuse;
    readonly AlignedBuffer<float> _step;
    // What a token adds to the state depends on nothing else: (vocabulary, hidden), computed once.
    readonly AlignedBuffer<float> _ofToken;
    readonly VocabularyHead _head;
    readonly float[] _state;
    readonly float[] _next;

    /// <param name="fuse">(3 · hidden, hidden)</param>
    /// <param name="step">(2 · hidden, hidden): for the state, then for the token's vector.</param>
    /// <param name="embedding">(vocabulary, hidden)</param>
    /// <param name="head">(vocabulary, hidden)</param>
    public EagleDrafter(
        int hidden, int vocabulary, ReadOnlySpan<float> fuse, ReadOnlySpan<float> step, ReadOnlySpan<float> embedding,
        ReadOnlySpan<float> head)
    {
        Hidden = Guard.Positive(hidden, "hidden");
        Guard.Length(fuse.Length, 3 * hidden * hidden, "the weights that fuse");
        Guard.Length(step.Length, 2 * hidden * hidden, "the weights of a step");
        Guard.Length(embedding.Length, vocabulary * hidden, "the embedding");
        Guard.Finite(fuse, "the weights that fuse");
        Guard.Finite(step, "the weights of a step");
        Guard.Finite(embedding, "the embedding");
        _head = new(vocabulary, hidden, head);
        _fuse = new(fuse);
        _step = new(step[..(hidden * hidden)]);
        _ofToken = new(embedding.Length);
        Product.Into(embedding, step[(hidden * hidden)..], _ofToken.Span, vocabulary, hidden, hidden);
        (_state, _next) = (new float[hidden], new float[hidden]);
    }

    public int Hidden { get; }

    public int Vocabulary => _head.Vocabulary;

    /// <param name="states">(3, hidden): of the target, where it chose the last token.</param>
    /// <param name="tokens">Becomes the draft, greedily.</param>
    public void Draft(ReadOnlySpan<float> states, int lastToken, Span<int> tokens)
    {
        Guard.Length(states.Length, 3 * Hidden, "the states of three layers");
        Guard.Finite(states, "the states of three layers");
        Guard.NotEmpty(tokens.Length, "tokens to draft");
        if ((uint)lastToken >= (uint)Vocabulary)
            throw ServingErrors.UnknownId("token", lastToken, $"0 to {Vocabulary - 1}");
        Product.Into(states, _fuse.Span, _state, 1, 3 * Hidden, Hidden);
        var token = lastToken;
        for (var index = 0; index < tokens.Length; index++)
        {
            // next = tanh(state·W_state + embedding(token)·W_token)
            Product.Add(_state, _step.Span, _ofToken.AsSpan(token * Hidden, Hidden), 1, _next, 1, Hidden, Hidden);
            TensorPrimitives.Tanh(_next, _state);
            tokens[index] = token = _head.Argmax(_state);
        }
    }

    /// <summary>The same from the formula, in double; the oracle.</summary>
    /// <param name="embedding">As it was given.</param>
    /// <param name="tokenWeights">(hidden, hidden): the second half of the weights of a step.</param>
    internal int[] PlainDraft(ReadOnlySpan<float> states, int lastToken, int count, float[] embedding, float[] tokenWeights)
    {
        var tokens = new int[count];
        var state = Times(states, _fuse.Span);
        var token = lastToken;
        for (var index = 0; index < count; index++)
        {
            var (ofState, ofToken) = (Times(state, _step.Span), Times(embedding.AsSpan(token * Hidden, Hidden), tokenWeights));
            state = [.. ofState.Zip(ofToken, (a, b) => (float)Math.Tanh((double)a + b))];
            var logits = new double[Vocabulary];
            for (var at = 0; at < _head.Weight.Length; at++)
                logits[at / Hidden] += (double)_head.Weight[at] * state[at % Hidden];
            tokens[index] = token = Array.IndexOf(logits, logits.Max());
        }
        return tokens;
    }

    // x (inputs) · w (inputs, hidden)
    float[] Times(ReadOnlySpan<float> x, ReadOnlySpan<float> w)
    {
        var y = new double[Hidden];
        for (var at = 0; at < w.Length; at++)
            y[at % Hidden] += (double)x[at / Hidden] * w[at];
        return [.. y.Select(value => (float)value)];
    }
}

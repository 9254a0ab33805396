using System.Numerics.Tensors;
using MlPerfEdu.Serving.Numerics;

namespace MlPerfEdu.Serving.Eagle;

/// <summary>
/// The original's form: states follow one another without a look at the tokens, and one cosine decides about the whole draft. It changes
/// what is generated, and is here for its rows alone.
/// </summary>
public sealed class FeatureChain
{
    readonly AlignedBuffer<float> _step;
    readonly VocabularyHead _head;
    readonly float[] _last;
    readonly float[] _seen;
    readonly float[] _sums;
    readonly float _threshold;

    /// <param name="step">(hidden, hidden)</param>
    /// <param name="head">(vocabulary, hidden)</param>
    /// <param name="threshold">The least cosine of an accepted draft.</param>
    public FeatureChain(int hidden, int vocabulary, ReadOnlySpan<float> step, ReadOnlySpan<float> head, float threshold = 0.7f)
    {
        Guard.Length(step.Length, hidden * hidden, "the weights of a step");
        Guard.Finite(step, "the weights of a step");
        if (!(threshold is >= -1 and <= 1))
            throw ServingErrors.OutOfRange("a threshold of", threshold, "-1 to 1");
        _head = new(vocabulary, hidden, head);
        _step = new(step);
        (_last, _seen, _sums) = (new float[hidden], new float[hidden], new float[hidden]);
        _threshold = threshold;
    }

    public int Hidden => _head.Hidden;

    public void Draft(ReadOnlySpan<float> hidden, Span<int> tokens)
    {
        Guard.Length(hidden.Length, Hidden, "a hidden state");
        Guard.Finite(hidden, "a hidden state");
        hidden.CopyTo(_last);
        for (var index = 0; index < tokens.Length; index++)
        {
            Step(_last, _last);
            tokens[index] = _head.Argmax(_last);
        }
    }

    /// <returns>The cosine of the last drafted state and the target's, and the target's token.</returns>
    public (bool Accepted, float Cosine, int Next) Verify(ReadOnlySpan<float> hidden)
    {
        Guard.Length(hidden.Length, Hidden, "a hidden state");
        Guard.Finite(hidden, "a hidden state");
        Step(hidden, _seen);
        var lengths = MathF.Sqrt(Simd.Dot(_last, _last) * Simd.Dot(_seen, _seen));
        var cosine = lengths == 0 ? 0 : Math.Clamp(Simd.Dot(_last, _seen) / lengths, -1, 1);
        return (cosine > _threshold, cosine, _head.Argmax(_seen));
    }

    void Step(ReadOnlySpan<float> state, Span<float> next)
    {
        Product.Into(state, _step.Span, _sums, 1, Hidden, Hidden);
        TensorPrimitives.Tanh(_sums, next);
    }
}

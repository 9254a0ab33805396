namespace MlPerfEdu.Serving.Eagle;

/// <summary>Drafts from the target's own hidden states (EAGLE-3, Li et al. 2025): states of a low, a middle and a high layer are fused once, then
/// each step makes the next state from the last one and its token. A dense layer replaces the paper's decoder layer.</summary>
public sealed class EagleDrafter
{
    readonly AlignedBuffer<float> fuse;
    readonly AlignedBuffer<float> step;
    // What a token adds to the state depends on nothing else: (vocabulary, hidden), computed once.
    readonly AlignedBuffer<float> ofToken;
    readonly VocabularyHead head;
    readonly float[] state;
    readonly float[] next;

    // fuse (3 · hidden, hidden); step (2 · hidden, hidden): for the state, then for the token's vector; embedding, head (vocabulary, hidden)
    public EagleDrafter(
        int hidden, int vocabulary, ReadOnlySpan<float> fuse, ReadOnlySpan<float> step, ReadOnlySpan<float> embedding, ReadOnlySpan<float> head)
    {
        Hidden = Guard.Positive(hidden, "hidden");
        Guard.Finite(fuse, 3 * hidden * hidden, "the weights that fuse");
        Guard.Finite(step, 2 * hidden * hidden, "the weights of a step");
        Guard.Finite(embedding, vocabulary * hidden, "the embedding");
        this.head = new(vocabulary, hidden, head);
        (this.fuse, this.step, ofToken) = (new(fuse), new(step[..(hidden * hidden)]), new(embedding.Length));
        Product.Into(embedding, step[(hidden * hidden)..], ofToken.Span, vocabulary, hidden, hidden);
        (state, next) = (new float[hidden], new float[hidden]);
    }

    public int Hidden { get; }
    public int Vocabulary => head.Vocabulary;

    // states (3, hidden): of the target, where it chose the last token; tokens: becomes the draft, greedily
    public void Draft(ReadOnlySpan<float> states, int lastToken, Span<int> tokens)
    {
        Guard.Finite(states, 3 * Hidden, "the states of three layers");
        Guard.NotEmpty(tokens.Length, "tokens to draft");
        Guard.Index(lastToken, Vocabulary, "token");
        Product.Into(states, fuse.Span, state, 1, 3 * Hidden, Hidden);
        var token = lastToken;
        for (var index = 0; index < tokens.Length; index++)
        {
            // next = tanh(state·W_state + embedding(token)·W_token)
            Product.Add(state, step.Span, ofToken.AsSpan(token * Hidden, Hidden), 1, next, 1, Hidden, Hidden);
            TensorPrimitives.Tanh(next, state);
            tokens[index] = token = head.Argmax(state);
        }
    }

    /// <summary>By the formula, in double; the oracle.</summary>
    // embedding: as it was given; tokenWeights (hidden, hidden): the second half of the weights of a step
    internal int[] PlainDraft(ReadOnlySpan<float> states, int lastToken, int count, float[] embedding, float[] tokenWeights)
    {
        var tokens = new int[count];
        var state = Times(states, fuse.Span);
        var token = lastToken;
        for (var index = 0; index < count; index++)
        {
            var (ofState, ofToken) = (Times(state, step.Span), Times(embedding.AsSpan(token * Hidden, Hidden), tokenWeights));
            state = [.. ofState.Zip(ofToken, (a, b) => (float)Math.Tanh((double)a + b))];
            var logits = new double[Vocabulary];
            for (var at = 0; at < head.Weight.Length; at++)
                logits[at / Hidden] += (double)head.Weight[at] * state[at % Hidden];
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

/// <summary>What the target keeps of a draft, and its own token after it.</summary>
public readonly record struct Verdict(int Accepted, int Next);

/// <summary>Compares a draft with the tokens of the target, so that the output is that of the target alone.</summary>
public sealed class EagleVerifier(int hidden, int vocabulary, ReadOnlySpan<float> head)
{
    readonly VocabularyHead head = new(vocabulary, hidden, head);

    /// <param name="states">(tokens + 1, hidden): of the target before each drafted token, and after the last.</param>
    public Verdict Verify(ReadOnlySpan<int> tokens, ReadOnlySpan<float> states)
    {
        Guard.NotEmpty(tokens.Length, "drafted tokens");
        Guard.Length(states.Length, (tokens.Length + 1) * hidden, "the states of the target");
        for (var accepted = 0; ; accepted++)
        {
            var next = head.Argmax(states.Slice(accepted * hidden, hidden));
            if (accepted == tokens.Length || tokens[accepted] != next)
                return new(accepted, next);
        }
    }
}

/// <summary>The original's form: states follow one another regardless of the tokens, and one cosine decides about the whole draft. It changes the
/// output, and is here for its rows alone.</summary>
public sealed class FeatureChain
{
    readonly AlignedBuffer<float> step;
    readonly VocabularyHead head;
    readonly float[] last;
    readonly float[] seen;
    readonly float[] sums;
    readonly float threshold;

    // step (hidden, hidden); head (vocabulary, hidden); threshold: the least cosine of an accepted draft
    public FeatureChain(int hidden, int vocabulary, ReadOnlySpan<float> step, ReadOnlySpan<float> head, float threshold = 0.7f)
    {
        Guard.Finite(step, hidden * hidden, "the weights of a step");
        this.threshold = Guard.Range(threshold is >= -1 and <= 1, "a threshold of", threshold, "-1 to 1");
        (this.head, this.step) = (new(vocabulary, hidden, head), new(step));
        (last, seen, sums) = (new float[hidden], new float[hidden], new float[hidden]);
    }

    public int Hidden => head.Hidden;

    public void Draft(ReadOnlySpan<float> hidden, Span<int> tokens)
    {
        Guard.Finite(hidden, Hidden, "a hidden state");
        hidden.CopyTo(last);
        for (var index = 0; index < tokens.Length; index++)
        {
            Step(last, last);
            tokens[index] = head.Argmax(last);
        }
    }

    /// <returns>The cosine of the last drafted state and the target's, and the target's token.</returns>
    public (bool Accepted, float Cosine, int Next) Verify(ReadOnlySpan<float> hidden)
    {
        Guard.Finite(hidden, Hidden, "a hidden state");
        Step(hidden, seen);
        var lengths = MathF.Sqrt(Simd.Dot(last, last) * Simd.Dot(seen, seen));
        var cosine = lengths == 0 ? 0 : Math.Clamp(Simd.Dot(last, seen) / lengths, -1, 1);
        return (cosine > threshold, cosine, head.Argmax(seen));
    }

    void Step(ReadOnlySpan<float> state, Span<float> next)
    {
        Product.Into(state, step.Span, sums, 1, Hidden, Hidden);
        TensorPrimitives.Tanh(sums, next);
    }
}

[Kernels("eagle")]
public sealed class EagleKernels : IKernels
{
    const int Hidden = 256;
    const int Vocabulary = 2000;
    internal const int Steps = 5;

    public IEnumerable<Kernel> Kernels()
    {
        var random = new RandomData(42);
        var head = random.Weights(Vocabulary, Hidden);
        var (drafter, tokens) = (Drafter(random, Hidden, Vocabulary, out _, out _), new int[Steps]);
        var (states, hidden) = (random.Normals(3 * Hidden), random.Normals(Hidden));
        var (state, vocabulary) = (2.0 * Hidden * Hidden, 2.0 * Hidden * Vocabulary);
        yield return new("draft-step", () => drafter.Draft(states, 0, tokens)) { Flops = 3 * state + Steps * (state + vocabulary) };
        var chain = new FeatureChain(Hidden, Vocabulary, random.Weights(Hidden, Hidden), head);
        yield return new("draft-step-features", () => chain.Draft(hidden, tokens)) { Flops = Steps * (state + vocabulary) };

        var (verifier, targets) = (new EagleVerifier(Hidden, Vocabulary, head), random.Normals((Steps + 1) * Hidden));
        yield return new("verify-step", () => verifier.Verify(tokens, targets)) { Flops = vocabulary };
        yield return new("verify-step-cosine", () => chain.Verify(hidden)) { Flops = state + vocabulary };
    }

    internal static EagleDrafter Drafter(RandomData random, int hidden, int vocabulary, out float[] embedding, out float[] tokenWeights)
    {
        var step = random.Weights(2 * hidden, hidden);
        embedding = random.Normals(vocabulary * hidden);
        tokenWeights = step[(hidden * hidden)..];
        return new(hidden, vocabulary, random.Weights(3 * hidden, hidden), step, embedding, random.Weights(vocabulary, hidden));
    }
}

namespace MlPerfEdu.Serving.Distillation;

/// <summary>Means over the positions of a step.</summary>
/// <param name="Divergence">KL(target ‖ draft) in nats, at the temperature.</param>
/// <param name="Acceptance">Probability that a token of the draft is accepted: Σ min(p, q) (Leviathan et al. 2023).</param>
public readonly record struct DistillationStep(double Divergence, double Acceptance);

/// <summary>Fits the biases of a draft's vocabulary to a target while both are served (Hinton et al. 2015; Zhou et al. 2024): sums the gradient of
/// KL(p ‖ q) with p = softmax(target / T), q = softmax(draft / T), which is (q − p) / T, into a change of the draft's logits.</summary>
public sealed class DistillationCalibrator(int vocabulary, float temperature)
{
    // Two of the widest vectors.
    const int Step = 32;

    // (vocabulary), filled up to whole steps with zeros.
    readonly AlignedBuffer<float> target = new((Guard.Positive(vocabulary, "vocabulary") + Step - 1) / Step * Step);
    readonly AlignedBuffer<float> draft = new((vocabulary + Step - 1) / Step * Step);
    readonly AlignedBuffer<float> gradient = new((vocabulary + Step - 1) / Step * Step);
    readonly float inverse = 1 / Guard.Range(temperature > 0 && float.IsFinite(temperature), "a temperature of", temperature, "above 0");
    Scratch<float> maxima = new();

    public int Vocabulary => vocabulary;
    public long Steps { get; private set; }
    public long Positions { get; private set; }

    /// <param name="draft">(positions, vocabulary): logits, as the target.</param>
    public DistillationStep Record(ReadOnlySpan<float> draft, ReadOnlySpan<float> target)
    {
        var positions = Guard.Rows(draft, Vocabulary, "logits of the draft");
        Guard.Length(target.Length, draft.Length, "logits of the target");
        var maxima = this.maxima.Take(2 * positions);
        // All are checked before anything is kept.
        Maxima(draft, maxima[..positions], "logits of the draft");
        Maxima(target, maxima[positions..], "logits of the target");
        var (divergence, acceptance) = (0.0, 0.0);
        for (var position = 0; position < positions; position++)
        {
            var at = position * Vocabulary;
            var (ofOne, accepted) = Add(draft.Slice(at, Vocabulary), maxima[position], target.Slice(at, Vocabulary), maxima[positions + position]);
            (divergence, acceptance) = (divergence + ofOne, acceptance + accepted);
        }
        Steps++;
        Positions += positions;
        return new(divergence / positions, acceptance / positions);
    }

    /// <summary>A step down the mean gradient of all positions.</summary>
    /// <param name="delta">(vocabulary): to be added to the logits of the draft.</param>
    public void ComputeDelta(float learningRate, Span<float> delta)
    {
        Guard.Length(delta.Length, Vocabulary, "the change");
        Guard.Range(learningRate > 0 && float.IsFinite(learningRate), "a learning rate of", learningRate, "above 0");
        if (Positions == 0)
            throw KernelErrors.Empty("positions recorded");
        gradient.AsSpan(0, Vocabulary).CopyTo(delta);
        Simd.Scale(delta, -learningRate * inverse / Positions);
    }

    public void Reset()
    {
        gradient.Span.Clear();
        (Steps, Positions) = (0, 0);
    }

    // The largest logit of each position.
    void Maxima(ReadOnlySpan<float> logits, Span<float> maxima, string what)
    {
        for (var position = 0; position < maxima.Length; position++)
        {
            maxima[position] = Simd.FiniteMax(logits.Slice(position * Vocabulary, Vocabulary));
            if (float.IsNaN(maxima[position]))
                Guard.Finite(logits, what);
        }
    }

    (double Divergence, double Acceptance) Add(ReadOnlySpan<float> draft, float maxOfDraft, ReadOnlySpan<float> target, float maxOfTarget)
    {
        var (ofDraft, ofTarget, difference) = Simd.Is512
            ? Exponentials<Wide512>(draft, maxOfDraft, target, maxOfTarget)
            : Exponentials<Wide256>(draft, maxOfDraft, target, maxOfTarget);
        // Σ p·(ln p − ln q), where ln p = (target − max) / T − ln sum: no logarithm but two.
        var norms = inverse * ((double)maxOfDraft - maxOfTarget) + Math.Log(ofDraft / (double)ofTarget);
        var accepted = Simd.Is512 ? AddToGradient<Wide512>(1 / ofDraft, 1 / ofTarget) : AddToGradient<Wide256>(1 / ofDraft, 1 / ofTarget);
        return (Math.Max(0, inverse * ((double)difference / ofTarget) + norms), accepted);
    }

    // Keeps exp((x − max) / T) of both; gives their sums, and Σ exp((target − max) / T)·(target − draft).
    [MethodImpl(Simd.Loop)]
    (float OfDraft, float OfTarget, float Difference) Exponentials<T>(
        ReadOnlySpan<float> draft, float maxOfDraft, ReadOnlySpan<float> target, float maxOfTarget) where T : struct, IWide<T>
    {
        ref float ofDraft = ref MemoryMarshal.GetReference(draft), ofTarget = ref MemoryMarshal.GetReference(target);
        var (shiftOfDraft, shiftOfTarget, inverse) = (T.Create(maxOfDraft), T.Create(maxOfTarget), T.Create(this.inverse));
        T sumOfDraft = default, sumOfTarget = default, differences = default;
        nint index = 0;
        for (; index <= Vocabulary - T.Lanes; index += T.Lanes)
        {
            var (d, t) = (T.Load(ref ofDraft, index), T.Load(ref ofTarget, index));
            var (q, p) = (Exponential.Of((d - shiftOfDraft) * inverse), Exponential.Of((t - shiftOfTarget) * inverse));
            q.Store(ref this.draft[0], index);
            p.Store(ref this.target[0], index);
            (sumOfDraft, sumOfTarget) = (sumOfDraft + q, sumOfTarget + p);
            differences = T.MultiplyAdd(p, t - d, differences);
        }
        if (index < Vocabulary)
        {
            // No logit is infinitely small: its exponential is 0.
            var (d, t) = (Rest<T>(ref ofDraft, index, float.NegativeInfinity), Rest<T>(ref ofTarget, index, float.NegativeInfinity));
            var (q, p) = (Exponential.Of((d - shiftOfDraft) * inverse), Exponential.Of((t - shiftOfTarget) * inverse));
            q.Store(ref this.draft[0], index);
            p.Store(ref this.target[0], index);
            (sumOfDraft, sumOfTarget) = (sumOfDraft + q, sumOfTarget + p);
            differences = T.MultiplyAdd(p, Rest<T>(ref ofTarget, index, 0) - Rest<T>(ref ofDraft, index, 0), differences);
        }
        return (Simd.Sum(sumOfDraft), Simd.Sum(sumOfTarget), Simd.Sum(differences));
    }

    [MethodImpl(Simd.Inline)]
    T Rest<T>(ref float logits, nint index, float fill) where T : struct, IWide<T> => Simd.LoadRest<T>(ref logits, index, Vocabulary, fill);

    // Gradient += q − p; gives Σ min(p, q).
    [MethodImpl(Simd.Loop)]
    float AddToGradient<T>(float ofDraft, float ofTarget) where T : struct, IWide<T>
    {
        ref var target = ref this.target[0];
        ref var draft = ref this.draft[0];
        ref var gradient = ref this.gradient[0];
        var (shareOfDraft, shareOfTarget) = (T.Create(ofDraft), T.Create(ofTarget));
        T even = default, odd = default;
        for (nint index = 0; index < this.gradient.Length; index += 2 * T.Lanes)
        {
            var (p, q) = (T.Load(ref target, index) * shareOfTarget, T.Load(ref draft, index) * shareOfDraft);
            (T.Load(ref gradient, index) + (q - p)).Store(ref gradient, index);
            even += T.Min(p, q);
            (p, q) = (T.Load(ref target, index + T.Lanes) * shareOfTarget, T.Load(ref draft, index + T.Lanes) * shareOfDraft);
            (T.Load(ref gradient, index + T.Lanes) + (q - p)).Store(ref gradient, index + T.Lanes);
            odd += T.Min(p, q);
        }
        return Simd.Sum(even + odd);
    }

    /// <summary>One position by the formulas and in double; the oracle.</summary>
    public DistillationStep Plain(ReadOnlySpan<float> draft, ReadOnlySpan<float> target, Span<double> gradient)
    {
        var (p, q) = (Softmax(target), Softmax(draft));
        var (divergence, acceptance) = (0.0, 0.0);
        for (var token = 0; token < p.Length; token++)
        {
            divergence += p[token] * Math.Log(p[token] / q[token]);
            acceptance += Math.Min(p[token], q[token]);
            gradient[token] = (q[token] - p[token]) * inverse;
        }
        return new(divergence, acceptance);
    }

    double[] Softmax(ReadOnlySpan<float> logits)
    {
        double[] scaled = [.. logits.ToArray().Select(logit => (double)logit * inverse)];
        var max = scaled.Max();
        double[] exponentials = [.. scaled.Select(value => Math.Exp(value - max))];
        var sum = exponentials.Sum();
        return [.. exponentials.Select(value => value / sum)];
    }
}

[Kernels("distillation")]
public sealed class DistillationKernels : IKernels
{
    const int Vocabulary = 1000;

    public IEnumerable<Kernel> Kernels()
    {
        var random = new RandomData(42);
        foreach (var positions in new[] { 1, 8 })
        {
            var calibrator = new DistillationCalibrator(Vocabulary, 2);
            var (draft, target) = (random.Normals(positions * Vocabulary), random.Normals(positions * Vocabulary));
            yield return new($"record-step-{positions}", () => calibrator.Record(draft, target)) { Bytes = 2.0 * sizeof(float) * draft.Length };
        }
        var recorded = new DistillationCalibrator(Vocabulary, 2);
        recorded.Record(random.Normals(Vocabulary), random.Normals(Vocabulary));
        var delta = new float[Vocabulary];
        yield return new("compute-delta", () => recorded.ComputeDelta(1e-3f, delta)) { Flops = Vocabulary, Bytes = 2.0 * sizeof(float) * Vocabulary };
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using MlPerfEdu.Serving.Numerics;

namespace MlPerfEdu.Serving.Distillation;

/// <summary>What was recorded in a step: means over its positions.</summary>
/// <param name="Divergence">KL(target ‖ draft) in nats, at the temperature.</param>
/// <param name="Acceptance">Probability that a token of the draft is accepted: Σ min(p, q) (Leviathan et al. 2023).</param>
public readonly record struct DistillationStep(double Divergence, double Acceptance);

/// <summary>
/// Fits the biases of a draft's vocabulary to a target while both are served (Hinton et al. 2015; Zhou et al. 2024): the gradient of
/// KL(p ‖ q) with p = softmax(target / T), q = softmax(draft / T), which is (q − p) / T, is summed up and becomes a change of the
/// draft's logits.
/// </summary>
public sealed class DistillationCalibrator
{
    const int Lanes = 16;

    readonly float _inverse;
    // Whole vectors: what is behind the vocabulary stays 0.
    readonly AlignedBuffer<float> _target;
    readonly AlignedBuffer<float> _draft;
    readonly AlignedBuffer<float> _gradient;
    Scratch<float> _maxima = new();

    public DistillationCalibrator(int vocabulary, float temperature)
    {
        Vocabulary = Guard.Positive(vocabulary, "vocabulary");
        if (!(temperature > 0 && float.IsFinite(temperature)))
            throw ServingErrors.OutOfRange("a temperature of", temperature, "above 0");
        _inverse = 1 / temperature;
        var room = (vocabulary + Lanes - 1) / Lanes * Lanes;
        (_target, _draft, _gradient) = (new(room), new(room), new(room));
    }

    public int Vocabulary { get; }

    public long Steps { get; private set; }

    public long Positions { get; private set; }

    /// <param name="draft">(positions, vocabulary): logits, as the target.</param>
    public DistillationStep Record(ReadOnlySpan<float> draft, ReadOnlySpan<float> target)
    {
        var positions = Rows.Count(draft, Vocabulary, "logits of the draft");
        Guard.Length(target.Length, draft.Length, "logits of the target");
        var maxima = _maxima.Take(2 * positions);
        Maxima(draft, maxima[..positions], "logits of the draft");
        Maxima(target, maxima[positions..], "logits of the target");
        var (divergence, acceptance) = (0.0, 0.0);
        for (var position = 0; position < positions; position++)
        {
            var at = position * Vocabulary;
            var (ofOne, accepted) = Add(
                draft.Slice(at, Vocabulary), maxima[position], target.Slice(at, Vocabulary), maxima[positions + position]);
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
        if (!(learningRate > 0 && float.IsFinite(learningRate)))
            throw ServingErrors.OutOfRange("a learning rate of", learningRate, "above 0");
        if (Positions == 0)
            throw ServingErrors.Empty("positions recorded");
        _gradient.AsSpan(0, Vocabulary).CopyTo(delta);
        Simd.Scale(delta, -learningRate * _inverse / Positions);
    }

    public void Reset()
    {
        _gradient.Span.Clear();
        (Steps, Positions) = (0, 0);
    }

    // The largest logit of each position. All are looked at before anything is kept.
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
        var (ofDraft, ofTarget, difference) = Exponentials(draft, maxOfDraft, target, maxOfTarget);
        // Σ p·(ln p − ln q), where ln p = (target − max) / T − ln sum: no logarithm but two.
        var norms = _inverse * ((double)maxOfDraft - maxOfTarget) + Math.Log(ofDraft / (double)ofTarget);
        return (Math.Max(0, _inverse * ((double)difference / ofTarget) + norms), AddToGradient(1 / ofDraft, 1 / ofTarget));
    }

    // Keeps exp((x − max) / T) of both; gives their sums, and Σ exp((target − max) / T)·(target − draft).
    [MethodImpl(Simd.Loop)]
    (float OfDraft, float OfTarget, float Difference) Exponentials(
        ReadOnlySpan<float> draft, float maxOfDraft, ReadOnlySpan<float> target, float maxOfTarget)
    {
        ref var ofDraft = ref MemoryMarshal.GetReference(draft);
        ref var ofTarget = ref MemoryMarshal.GetReference(target);
        var (shiftOfDraft, shiftOfTarget) = (Vector512.Create(maxOfDraft), Vector512.Create(maxOfTarget));
        Vector512<float> sumOfDraft = default, sumOfTarget = default, differences = default;
        var index = 0;
        for (; index <= Vocabulary - Lanes; index += Lanes)
        {
            var (d, t) = (Simd.Load(ref ofDraft, index), Simd.Load(ref ofTarget, index));
            var (q, p) = (Keep(d - shiftOfDraft, _draft, index), Keep(t - shiftOfTarget, _target, index));
            (sumOfDraft, sumOfTarget) = (sumOfDraft + q, sumOfTarget + p);
            differences = Vector512.FusedMultiplyAdd(p, t - d, differences);
        }
        if (index < Vocabulary)
        {
            // No logit is infinitely small: its exponential is 0.
            var (d, t) = (Rest(ref ofDraft, index, float.NegativeInfinity), Rest(ref ofTarget, index, float.NegativeInfinity));
            var (q, p) = (Keep(d - shiftOfDraft, _draft, index), Keep(t - shiftOfTarget, _target, index));
            (sumOfDraft, sumOfTarget) = (sumOfDraft + q, sumOfTarget + p);
            differences = Vector512.FusedMultiplyAdd(p, Rest(ref ofTarget, index, 0) - Rest(ref ofDraft, index, 0), differences);
        }
        return (Simd.Sum(sumOfDraft), Simd.Sum(sumOfTarget), Simd.Sum(differences));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    Vector512<float> Rest(ref float logits, int index, float fill) => Simd.LoadRest(ref logits, index, Vocabulary, fill);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    Vector512<float> Keep(Vector512<float> below, AlignedBuffer<float> exponentials, int index)
    {
        var exponential = Exponential.Of(below * _inverse);
        exponential.StoreUnsafe(ref exponentials[index]);
        return exponential;
    }

    // Gradient += q − p; gives Σ min(p, q).
    [MethodImpl(Simd.Loop)]
    float AddToGradient(float ofDraft, float ofTarget)
    {
        ref var target = ref _target[0];
        ref var draft = ref _draft[0];
        ref var gradient = ref _gradient[0];
        var overlaps = Vector512<float>.Zero;
        for (var index = 0; index < _gradient.Length; index += Lanes)
        {
            var (p, q) = (Simd.Load(ref target, index) * ofTarget, Simd.Load(ref draft, index) * ofDraft);
            (Simd.Load(ref gradient, index) + (q - p)).StoreUnsafe(ref gradient, (nuint)index);
            overlaps += Vector512.MinNative(p, q);
        }
        return Simd.Sum(overlaps);
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
            gradient[token] = (q[token] - p[token]) * _inverse;
        }
        return new(divergence, acceptance);
    }

    double[] Softmax(ReadOnlySpan<float> logits)
    {
        double[] scaled = [.. logits.ToArray().Select(logit => (double)logit * _inverse)];
        var max = scaled.Max();
        double[] exponentials = [.. scaled.Select(value => Math.Exp(value - max))];
        var sum = exponentials.Sum();
        return [.. exponentials.Select(value => value / sum)];
    }
}

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
    readonly float _inverse;
    readonly float[] _target;
    readonly float[] _draft;
    readonly float[] _gradient;

    public DistillationCalibrator(int vocabulary, float temperature)
    {
        Vocabulary = Guard.Positive(vocabulary, "vocabulary");
        if (!(temperature > 0 && float.IsFinite(temperature)))
            throw ServingErrors.OutOfRange("a temperature of", temperature, "above 0");
        _inverse = 1 / temperature;
        (_target, _draft, _gradient) = (new float[vocabulary], new float[vocabulary], new float[vocabulary]);
    }

    public int Vocabulary { get; }

    public long Steps { get; private set; }

    public long Positions { get; private set; }

    /// <param name="draft">(positions, vocabulary): logits, as the target.</param>
    public DistillationStep Record(ReadOnlySpan<float> draft, ReadOnlySpan<float> target)
    {
        var positions = Rows.Count(draft, Vocabulary, "logits of the draft");
        Guard.Length(target.Length, draft.Length, "logits of the target");
        Guard.Finite(draft, "logits of the draft");
        Guard.Finite(target, "logits of the target");
        var (divergence, acceptance) = (0.0, 0.0);
        for (var position = 0; position < positions; position++)
        {
            var at = position * Vocabulary;
            var (ofOne, accepted) = Add(draft.Slice(at, Vocabulary), target.Slice(at, Vocabulary));
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
        _gradient.CopyTo(delta);
        Simd.Scale(delta, -learningRate * _inverse / Positions);
    }

    public void Reset()
    {
        Array.Clear(_gradient);
        (Steps, Positions) = (0, 0);
    }

    (double Divergence, double Acceptance) Add(ReadOnlySpan<float> draft, ReadOnlySpan<float> target)
    {
        var ofDraft = Exponentials(draft, _draft);
        var ofTarget = Exponentials(target, _target);
        var (difference, overlap) = Add(draft, target, 1 / ofDraft.Sum, 1 / ofTarget.Sum);
        // Σ p·(ln p − ln q), where ln p = (target − max) / T − ln sum: no logarithm but two.
        var norms = _inverse * ((double)ofDraft.Max - ofTarget.Max) + Math.Log(ofDraft.Sum / (double)ofTarget.Sum);
        return (Math.Max(0, _inverse * (double)difference + norms), overlap);
    }

    // exp((x − max) / T), and their sum.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    (float Max, float Sum) Exponentials(ReadOnlySpan<float> logits, Span<float> exponentials)
    {
        var max = Simd.Max(logits);
        var (wideMax, wideInverse, sums) = (Vector512.Create(max), Vector512.Create(_inverse), Vector512<float>.Zero);
        ref var start = ref MemoryMarshal.GetReference(logits);
        var index = 0;
        for (; index <= logits.Length - Vector512<float>.Count; index += Vector512<float>.Count)
        {
            var exponential = Exponential.Of((Simd.Load(ref start, index) - wideMax) * wideInverse);
            exponential.StoreUnsafe(ref exponentials[index]);
            sums += exponential;
        }
        var sum = Vector512.Sum(sums);
        for (; index < logits.Length; index++)
            sum += exponentials[index] = MathF.Exp((logits[index] - max) * _inverse);
        return (max, sum);
    }

    // Gradient += q − p; gives Σ p·(target − draft) and Σ min(p, q).
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    (float Difference, float Overlap) Add(ReadOnlySpan<float> draft, ReadOnlySpan<float> target, float ofDraft, float ofTarget)
    {
        ref var draftLogits = ref MemoryMarshal.GetReference(draft);
        ref var targetLogits = ref MemoryMarshal.GetReference(target);
        Vector512<float> differences = default, overlaps = default;
        var index = 0;
        for (; index <= Vocabulary - Vector512<float>.Count; index += Vector512<float>.Count)
        {
            var (p, q) = (Simd.Load(ref _target[0], index) * ofTarget, Simd.Load(ref _draft[0], index) * ofDraft);
            (Simd.Load(ref _gradient[0], index) + (q - p)).StoreUnsafe(ref _gradient[index]);
            var apart = Simd.Load(ref targetLogits, index) - Simd.Load(ref draftLogits, index);
            differences = Vector512.FusedMultiplyAdd(p, apart, differences);
            overlaps += Vector512.Min(p, q);
        }
        var (difference, overlap) = (Vector512.Sum(differences), Vector512.Sum(overlaps));
        for (; index < Vocabulary; index++)
        {
            var (p, q) = (_target[index] * ofTarget, _draft[index] * ofDraft);
            _gradient[index] += q - p;
            difference += p * (target[index] - draft[index]);
            overlap += MathF.Min(p, q);
        }
        return (difference, overlap);
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

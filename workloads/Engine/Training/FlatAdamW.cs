using System.Numerics;
using System.Runtime.InteropServices;
using MlPerfEdu.Numerics;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace MlPerfEdu.Engine.Training;

/// <summary>
/// AdamW with decoupled weight decay (Loshchilov and Hutter, 2019), or Adam with the decay in its gradient
/// (Kingma and Ba, 2015), and a bound on the global gradient norm, as two passes over memory for all parameters together.
/// A small model spends most of its step on calling operators, and an optimizer written with tensor operators makes some fifteen
/// calls per parameter.
/// </summary>
public sealed unsafe class FlatAdamW : IOptimizer
{
    const long WorthThreads = 1 << 18;

    // Numbers of a parameter that a thread takes at a time.
    const int Part = 1 << 14;

    readonly Parameter[] parameters;
    readonly FlatGradients? gradients;
    readonly Slice[] slices;
    readonly (int Slice, nint From)[] parts;
    // Of each parameter's gradient, while it is being clipped.
    readonly double[] squares;
    readonly ThreadTeam? team;
    readonly Action<int> pass;
    // First and second moments, parameters one after another.
    readonly float* moments1;
    readonly float* moments2;
    readonly double beta1, beta2, epsilon, weightDecay, clipNorm;
    long step;
    int summed, updated;
    float stepSize, correction2;

    struct Slice
    {
        public float* Value;
        public float* Gradient;
        public nint Count;
        public nint Start;
    }

    /// <param name="gradients">Where the gradients of all parameters are when libtorch does not compute them.</param>
    public FlatAdamW(
        IEnumerable<Parameter> trained, (double First, double Second) betas, double epsilon, double weightDecay, double clipNorm,
        FlatGradients? gradients = null)
    {
        parameters = [.. trained];
        this.gradients = gradients;
        slices = new Slice[parameters.Length];
        squares = new double[parameters.Length];
        (beta1, beta2) = betas;
        (this.epsilon, this.weightDecay, this.clipNorm) = (epsilon, weightDecay, clipNorm);

        nint start = 0;
        for (var i = 0; i < parameters.Length; i++)
        {
            // Parameters keep their storage for life, so their addresses are taken once.
            slices[i] = new Slice { Value = NativeFloats.Of(parameters[i]), Count = (nint)parameters[i].numel(), Start = start };
            if (gradients is not null) slices[i].Gradient = gradients[i];
            start += slices[i].Count;
        }
        ParameterCount = start;
        parts = [.. Enumerable.Range(0, slices.Length).SelectMany(
            slice => Enumerable.Range(0, (int)((slices[slice].Count + Part - 1) / Part)).Select(part => (slice, (nint)part * Part)))];
        // Waking threads takes longer than the update of a small model.
        team = ParameterCount >= WorthThreads && get_num_threads() > 1 ? ThreadTeam.Of(get_num_threads()) : null;
        pass = Pass;
        moments1 = (float*)NativeMemory.AlignedAlloc((nuint)start * sizeof(float), 64);
        moments2 = (float*)NativeMemory.AlignedAlloc((nuint)start * sizeof(float), 64);
        NativeMemory.Clear(moments1, (nuint)start * sizeof(float));
        NativeMemory.Clear(moments2, (nuint)start * sizeof(float));
    }

    /// <summary>The optimizer that a recipe asks for.</summary>
    public static FlatAdamW Of(IEnumerable<Parameter> trained, Recipe recipe, FlatGradients? gradients = null) => recipe.Optimizer is "adamw" or "adam"
        ? new(trained, (recipe.Betas.First, recipe.Betas.Second), recipe.Epsilon, recipe.WeightDecay, recipe.ClipNorm, gradients)
        {
            LearningRate = recipe.LearningRate,
            DecayInGradient = recipe.Optimizer == "adam",
        }
        : throw new NotSupportedException(
            $"recipe.optimizer is '{recipe.Optimizer}' → expected adamw or adam → correct the entry in workloads.yaml.");

    public long ParameterCount { get; }

    /// <summary>Adam instead of AdamW: weight decay is part of the gradient, and so of both moments.</summary>
    public bool DecayInGradient { get; init; }

    public double LearningRate { get; set; }

    public Action<Parameter, nint, nint>? Updated { get; set; }

    public void Step()
    {
        if (gradients is null) FindGradients();
        step++;
        (summed, updated) = (0, 0);
        correction2 = (float)Math.Sqrt(1 - Math.Pow(beta2, step));
        stepSize = (float)(LearningRate / (1 - Math.Pow(beta1, step)));
        if (team is null) Pass(0);
        else team.Run(pass);
        if (gradients is not null) return;
        foreach (var parameter in parameters) Gradient.LetGo(parameter);
    }

    void FindGradients()
    {
        for (var i = 0; i < slices.Length; i++)
        {
            // A frozen one.
            if (!parameters[i].requires_grad)
            {
                slices[i].Gradient = null;
                continue;
            }
            slices[i].Gradient = Gradient.Of(parameters[i]);
            if (slices[i].Gradient is null)
                throw new InvalidOperationException($"Parameter {i} has no gradient in one piece; expected one for every trained parameter. Run backward() before Step().");
        }
    }

    // Each thread takes the next part: which thread takes which changes no number.
    void Pass(int thread)
    {
        var factor = 1f;
        if (clipNorm > 0)
        {
            for (var i = Interlocked.Increment(ref summed) - 1; i < slices.Length; i = Interlocked.Increment(ref summed) - 1)
                squares[i] = slices[i].Gradient is null ? 0 : SumOfSquares(slices[i].Gradient, slices[i].Count);
            team?.Meet();
            // As torch.nn.utils.clip_grad_norm_ does: never scale up.
            factor = (float)Math.Min(1.0, clipNorm / (Math.Sqrt(squares.Sum()) + 1e-6));
        }
        for (var i = Interlocked.Increment(ref updated) - 1; i < parts.Length; i = Interlocked.Increment(ref updated) - 1)
        {
            var (slice, from) = parts[i];
            if (slices[slice].Gradient is null) continue;
            var count = Math.Min(Part, slices[slice].Count - from);
            Update(slices[slice], from, count, factor);
            Updated?.Invoke(parameters[slice], from, count);
        }
    }

    // g ← g + λ·p, or p ← p·(1 − lr·λ);  m ← β1·m + (1−β1)·g;  v ← β2·v + (1−β2)·g²;  p ← p − lr/(1−β1ᵗ) · m / (√v/√(1−β2ᵗ) + ε)
    void Update(in Slice slice, nint from, nint count, float scale)
    {
        float* p = slice.Value + from, g = slice.Gradient + from, m = moments1 + slice.Start + from, v = moments2 + slice.Start + from;
        float inGradient = DecayInGradient ? (float)weightDecay : 0, decay = DecayInGradient ? 1 : (float)(1 - LearningRate * weightDecay);
        float b1 = (float)beta1, c1 = (float)(1 - beta1);
        float b2 = (float)beta2, c2 = (float)(1 - beta2), eps = (float)epsilon, inverse2 = 1f / correction2;
        Vector<float> scaleV = new(scale), b1V = new(b1), c1V = new(c1), b2V = new(b2), c2V = new(c2), inverse2V = new(inverse2);
        Vector<float> epsV = new(eps), stepV = new(stepSize), decayV = new(decay), inGradientV = new(inGradient);

        nint i = 0;
        for (; i <= count - Vector<float>.Count; i += Vector<float>.Count)
        {
            var weight = Vector.Load(p + i);
            var gradient = Vector.Load(g + i) * scaleV + weight * inGradientV;
            var first = Vector.Load(m + i) * b1V + gradient * c1V;
            var second = Vector.Load(v + i) * b2V + gradient * gradient * c2V;
            var value = weight * decayV - stepV * first / (Vector.SquareRoot(second) * inverse2V + epsV);
            first.Store(m + i);
            second.Store(v + i);
            value.Store(p + i);
        }
        for (; i < count; i++)
        {
            var gradient = g[i] * scale + p[i] * inGradient;
            m[i] = m[i] * b1 + gradient * c1;
            v[i] = v[i] * b2 + gradient * gradient * c2;
            p[i] = p[i] * decay - stepSize * m[i] / (MathF.Sqrt(v[i]) * inverse2 + eps);
        }
    }

    static double SumOfSquares(float* g, nint count)
    {
        var sums = Vector<float>.Zero;
        nint i = 0;
        for (; i <= count - Vector<float>.Count; i += Vector<float>.Count)
        {
            var gradient = Vector.Load(g + i);
            sums += gradient * gradient;
        }
        double total = Vector.Sum(sums);
        for (; i < count; i++) total += (double)g[i] * g[i];
        return total;
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(moments1);
        NativeMemory.AlignedFree(moments2);
    }
}

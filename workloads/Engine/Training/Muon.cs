using MlPerfEdu.Roofline.Count;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MlPerfEdu.Engine.Training;

/// <summary>What turns gradients into new parameters, and lets go of the gradients.</summary>
public interface IOptimizer : IDisposable
{
    double LearningRate { get; set; }

    /// <summary>
    /// Told of each part of a parameter (its first number, and how many) right after its update, while it is in the cache, on the thread that
    /// updated it.
    /// </summary>
    Action<Parameter, nint, nint>? Updated { get; set; }

    /// <summary>Updates every parameter that requires a gradient from it, and lets go of those that libtorch computed.</summary>
    void Step();
}

/// <summary>
/// Muon (Jordan et al., 2024) for the weights of linear layers, AdamW for everything else. The momentum of a weight is replaced by the
/// nearest matrix with orthonormal rows, so that a step goes equally far in every direction in which the gradient points at all.
/// </summary>
/// <remarks>
/// Whole matrices of this project's language model would take three times the step's own FLOP. A weight is cut along its longer side into
/// blocks instead, of which each becomes orthonormal by itself: a head's queries, keys or values are such a block, or 64 units of an MLP.
/// </remarks>
public sealed class Muon : IOptimizer
{
    const int MostRows = 64;

    // x ← a·x + b·x·xᵀ·x + c·(x·xᵀ)²·x takes singular values between 0.001 and 1 towards 1 as fast as polynomials of this degree can
    // (Amsel et al., "The Polar Express", 2025).
    static readonly (double A, double B, double C)[] Steps =
    [
        (8.28721201814563, -23.595886519098837, 17.300387312530933),
        (4.107059111542203, -2.9478499167379106, 0.5448431082926601),
        (3.9486908534822946, -2.908902115962949, 0.5518191394370137),
        (3.3184196573706015, -2.488488024314874, 0.51004894012372),
        (2.300652019954817, -1.6689039845749493, 0.4188073119525673),
    ];

    // Rounding must not carry a singular value above 1, where the first polynomial no longer contracts.
    const double Headroom = 1.01, Tiny = 1e-30;

    readonly Matrix[] matrices;
    readonly FlatAdamW rest;
    readonly double momentum, weightDecay, ofMatrices;

    sealed record Matrix(Parameter Weight, MatrixBlocks Blocks, Tensor Momentum)
    {
        /// <summary>Blocks are columns: that side is the longer one.</summary>
        public bool IsWide => Weight.shape[0] < Weight.shape[1];
    }

    public Muon(nn.Module model, Recipe recipe)
    {
        matrices = [.. Weights(model).Select(weight => new Matrix(weight, Cut(weight), zeros_like(weight, requires_grad: false).DetachFromDisposeScope()))];
        var handles = matrices.Select(matrix => matrix.Weight.Handle).ToHashSet();
        rest = new FlatAdamW(
            model.parameters().Where(parameter => !handles.Contains(parameter.Handle)),
            (recipe.Betas.First, recipe.Betas.Second), recipe.Epsilon, recipe.WeightDecay, recipe.ClipNorm);
        (momentum, weightDecay) = (recipe.Momentum!.Value, recipe.WeightDecay);
        ofMatrices = recipe.MatrixLearningRate!.Value / recipe.LearningRate;
    }

    /// <summary>Of the parameters that AdamW updates; that of the matrices stays in the recipe's ratio to it.</summary>
    public double LearningRate
    {
        get => rest.LearningRate;
        set => rest.LearningRate = value;
    }

    public Action<Parameter, nint, nint>? Updated
    {
        get => rest.Updated;
        set => rest.Updated = value;
    }

    public void Step()
    {
        rest.Step();
        using var mode = no_grad();
        foreach (var matrix in matrices.Where(matrix => matrix.Weight.requires_grad)) Update(matrix);
    }

    /// <summary>What <see cref="Step"/> computes for a model.</summary>
    public static void Count(ModuleCounter counter, nn.Module model, Recipe recipe) =>
        counter.Muon([.. Weights(model).Select(Cut)], Steps.Length, clips: recipe.ClipNorm > 0);

    static IEnumerable<Parameter> Weights(nn.Module model) => model.modules().OfType<Linear>().Select(linear => linear.weight).DistinctBy(weight => weight.Handle);

    // As many rows as fit, all blocks alike.
    static MatrixBlocks Cut(Parameter weight)
    {
        long shorter = weight.shape.Min(), longer = weight.shape.Max(), rows = Math.Min(MostRows, shorter);
        while (longer % rows != 0) rows--;
        return new(longer / rows, rows, shorter);
    }

    // m ← μ·m + (1−μ)·g;  p ← p·(1 − lr·λ) − lr·√n·orthonormal(μ·m + (1−μ)·g): the entries of rows of n numbers change by lr on average.
    void Update(Matrix matrix)
    {
        using var scope = NewDisposeScope();
        var (weight, blocks) = (matrix.Weight, matrix.Blocks);
        var gradient = weight.grad ?? throw new InvalidOperationException(
            $"A weight of {string.Join('x', weight.shape)} has no gradient; expected one for every trained parameter. Run backward() before Step().");
        matrix.Momentum.lerp_(gradient, 1 - momentum);
        var direction = gradient.lerp(matrix.Momentum, momentum);                    // Nesterov's
        var rows = matrix.IsWide ? direction.t() : direction;
        var orthonormal = Orthonormal(rows.reshape(blocks.Count, blocks.Rows, blocks.Length)).view(-1, blocks.Length);
        var rate = LearningRate * ofMatrices;
        weight.mul_(1 - rate * weightDecay);
        weight.add_(matrix.IsWide ? orthonormal.t() : orthonormal, -rate * Math.Sqrt(blocks.Length));
        Gradient.LetGo(weight);
        Updated?.Invoke(weight, 0, (nint)weight.numel());
    }

    /// <summary>
    /// The rows of each block made orthonormal, x [K, m, n] with m ≤ n. All polynomials are products of q [K, m, m] with x, so that x itself is
    /// multiplied twice only: for a = x·xᵀ, and at the end.
    /// </summary>
    public static Tensor Orthonormal(Tensor x)
    {
        var a = x.bmm(x.transpose(1, 2));                                            // [K, m, m]
        var squares = a.diagonal(0, 1, 2).sum(-1, keepdim: true).unsqueeze(-1).add(Tiny);    // ‖x‖², [K, 1, 1]
        a = a / (squares * (Headroom * Headroom));
        Tensor? q = null;
        for (var step = 0; step < Steps.Length; step++)
        {
            var (first, second, third) = Steps[step];
            var p = a.bmm(a).mul_(third).add_(a, second);
            p.diagonal(0, 1, 2).add_(first);
            q = q is null ? p : p.bmm(q);
            if (step + 1 < Steps.Length) a = p.bmm(p.bmm(a));
        }
        return (q! / (squares.sqrt() * Headroom)).bmm(x);
    }

    public void Dispose()
    {
        rest.Dispose();
        foreach (var matrix in matrices) matrix.Momentum.Dispose();
    }
}

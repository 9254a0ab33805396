namespace MlPerfEdu.Roofline.Count;

public static class LossCount
{
    const int LabelBytes = 8;

    /// <param name="targetIsInput">The target is the step's own input, as in an auto-encoder, so it adds no bytes touched.</param>
    public static LayerCount MeanSquaredError(string layer, IReadOnlyList<long> prediction, bool targetIsInput)
    {
        var x = Shapes.Elements(prediction);
        var target = targetIsInput ? 0 : x;
        return LayerCount.Of(layer, "mse loss", []) with
        {
            // Subtract, square, add; backwards subtract, scale, and the product with the incoming gradient.
            Forward = Work.Pass(3 * x, 2 * x + 1),
            DataGradient = Work.Pass(3 * x, 3 * x + 1),
            UniqueBytes = Fp32.Bytes * (target + 1),
            InputBytes = Fp32.Bytes * target,
        };
    }

    /// <summary>Log-softmax over the classes, then the mean negative log-likelihood of the labels.</summary>
    public static LayerCount CrossEntropy(string layer, IReadOnlyList<long> logits)
    {
        var x = Shapes.Elements(logits);
        var rows = logits[0];
        var likelihood = NegativeLogLikelihood(layer, logits);
        return likelihood with
        {
            Kind = "cross entropy loss",
            // Maximum, subtract, exponent, sum, subtract; one logarithm per row.
            Forward = Work.Pass(5 * x + rows, 2 * x) + likelihood.Forward,
            // Exponent, row sum of the gradient, multiply, subtract.
            DataGradient = likelihood.DataGradient + Work.Pass(4 * x, 3 * x),
            UniqueBytes = Fp32.Bytes * x + likelihood.UniqueBytes,
        };
    }

    /// <summary>Picks the label's logarithm in each row; its gradient is zero elsewhere.</summary>
    public static LayerCount NegativeLogLikelihood(string layer, IReadOnlyList<long> logarithms)
    {
        var rows = logarithms[0];
        return LayerCount.Of(layer, "nll loss", []) with
        {
            Forward = new Work(0, rows, (Fp32.Bytes + LabelBytes) * rows + Fp32.Bytes, 1),
            DataGradient = new Work(0, rows, Fp32.Bytes * (Shapes.Elements(logarithms) + 1) + LabelBytes * rows, 1),
            UniqueBytes = Fp32.Bytes + LabelBytes * rows,
            InputBytes = LabelBytes * rows,
        };
    }

    /// <summary>max(x, 0) − x·y + log(1 + exp(−|x|)), then the mean; backwards σ(x) − y.</summary>
    public static LayerCount BinaryCrossEntropy(string layer, IReadOnlyList<long> logits)
    {
        var x = Shapes.Elements(logits);
        return LayerCount.Of(layer, "binary cross entropy loss", []) with
        {
            Forward = Work.Pass(10 * x, 2 * x + 1),
            DataGradient = Work.Pass(7 * x, 3 * x + 1),
            UniqueBytes = Fp32.Bytes * (x + 1),
            InputBytes = Fp32.Bytes * x,
        };
    }
}

/// <summary>How the update reaches memory: operator by operator for each tensor, or one pass over all parameters.</summary>
public enum UpdateStyle
{
    PerTensor,
    Flat,
}

/// <summary>Optimizer updates over a number of parameters in a number of tensors.</summary>
public static class OptimizerCount
{
    public static LayerCount AdamW(string layer, long parameters, int tensors, UpdateStyle style) =>
        // Decay 1; first moment 3; second 4; root, correction, epsilon 3; divide, scale, subtract 3.
        // Tensor by tensor: mul_, mul_, add_, mul_, addcmul_, sqrt, div, add_, addcdiv_.
        Update(layer, "adamw", parameters, tensors, style, flops: 14, flatWords: 7, tensorWords: 22, tensorCalls: 9, stateWords: 2);

    /// <param name="weightDecay">Decay that is added to the gradient, as Adam has it.</param>
    public static LayerCount Adam(string layer, long parameters, int tensors, UpdateStyle style, bool weightDecay = false) =>
        weightDecay
            ? Update(layer, "adam", parameters, tensors, style, flops: 15, flatWords: 7, tensorWords: 23, tensorCalls: 9, stateWords: 2)
            : Update(layer, "adam", parameters, tensors, style, flops: 13, flatWords: 7, tensorWords: 20, tensorCalls: 8, stateWords: 2);

    public static LayerCount Sgd(string layer, long parameters, int tensors, UpdateStyle style, bool momentum = false) =>
        momentum
            ? Update(layer, "sgd momentum", parameters, tensors, style, flops: 4, flatWords: 5, tensorWords: 8, tensorCalls: 3, stateWords: 1)
            : Update(layer, "sgd", parameters, tensors, style, flops: 2, flatWords: 3, tensorWords: 3, tensorCalls: 1, stateWords: 0);

    /// <summary>The norm of all gradients, then their scaling.</summary>
    public static LayerCount ClipGradientNorm(string layer, long parameters, int tensors, UpdateStyle style)
    {
        var calls = style == UpdateStyle.Flat ? 2 : 2 * tensors + 1;
        return LayerCount.Of(layer, "clip gradient norm", []) with
        {
            Optimizer = Work.Pass(3 * parameters, 3 * parameters, calls),
        };
    }

    static LayerCount Update(
        string layer, string kind, long parameters, int tensors, UpdateStyle style,
        int flops, int flatWords, int tensorWords, int tensorCalls, int stateWords)
    {
        var flat = style == UpdateStyle.Flat;
        return LayerCount.Of(layer, kind, []) with
        {
            Optimizer = new Work(
                0, flops * parameters, Fp32.Bytes * (flat ? flatWords : tensorWords) * parameters, flat ? 1 : (long)tensorCalls * tensors),
            UniqueBytes = Fp32.Bytes * stateWords * parameters,
        };
    }
}

/// <summary>A matrix in blocks of rows that are updated together: so many, of so many rows of so many numbers.</summary>
public readonly record struct MatrixBlocks(long Count, long Rows, long Length)
{
    public long Numbers => Count * Rows * Length;
}

/// <summary>Muon makes the rows of each block orthonormal by products of its m rows of n numbers, x: first x·xᵀ, last a polynomial of that with x.</summary>
static class MuonCount
{
    public static LayerCount Of(string layer, IReadOnlyList<MatrixBlocks> matrices, int iterations) => LayerCount.Of(layer, "muon", []) with
    {
        Optimizer = matrices.Select(blocks => Of(blocks, iterations)).Aggregate(default(Work), Work.Add),
        // The momentum.
        UniqueBytes = Fp32.Bytes * matrices.Sum(blocks => blocks.Numbers),
        Operators = [.. matrices.SelectMany(blocks => Operators(blocks, iterations))],
    };

    static Work Of(MatrixBlocks blocks, int iterations)
    {
        var (x, a) = (blocks.Numbers, blocks.Count * blocks.Rows * blocks.Rows);
        // Momentum, and what Nesterov adds to it, 3 each; decay 1; scale and subtract 2.
        return new Work(0, 9 * x, Fp32.Bytes * 11 * x, 4)
            // x·xᵀ and the last polynomial are divided by the norm.
            + new Work(0, 2 * a, Fp32.Bytes * 4 * a, 2)
            // Of each polynomial: two terms, and their sum.
            + new Work(0, 3 * a, Fp32.Bytes * 5 * a, 2).Times(iterations)
            + Ends(blocks, Fp32.Bytes * (2 * x + a)) + Squares(blocks, iterations);
    }

    static Work Ends(MatrixBlocks blocks, long bytes) => new Work(2 * blocks.Numbers * blocks.Rows, 0, bytes, 1).Times(2);

    // Every iteration squares a and multiplies the polynomials so far; all but the last multiply a by both sides of it.
    static Work Squares(MatrixBlocks blocks, int iterations)
    {
        var a = blocks.Count * blocks.Rows * blocks.Rows;
        return new Work(2 * a * blocks.Rows, 0, Fp32.Bytes * 3 * a, 1).Times(4 * iterations - 3);
    }

    static IEnumerable<OperatorCount> Operators(MatrixBlocks blocks, int iterations) =>
        ((Work[])[Ends(blocks, 0), Squares(blocks, iterations)]).Select(work =>
            new OperatorCount(OperatorKey.Matmul(work.Flops / work.Calls), work.Calls, work.Flops));
}

/// <summary>Updates of single rows. The gradients of a row that was looked up more than once are added up first.</summary>
static class SparseOptimizerCount
{
    public static LayerCount Adam(string layer, SparseRows rows) =>
        // First moment 3, second 4, root, correction, epsilon 3, divide, scale, subtract 3; parameters and two moments read and written.
        Of(layer, "sparse adam", rows, flops: 13, words: 7, stateWords: 2);

    /// <summary>Plain gradient descent: scale, subtract; every look-up's gradient is added to its row at once, so no list is made.</summary>
    public static LayerCount Sgd(string layer, SparseRows rows) => LayerCount.Of(layer, "sparse sgd", []) with
    {
        Optimizer = Work.Pass(2 * rows.Listed, 3 * rows.Listed, rows.Tables),
    };

    static LayerCount Of(string layer, string kind, SparseRows rows, int flops, int words, int stateWords) => LayerCount.Of(layer, kind, []) with
    {
        Optimizer = Work.Pass(rows.Listed, rows.Listed + rows.Touched, rows.Tables)
            + Work.Pass(flops * rows.Touched, words * rows.Touched, rows.Tables),
        UniqueBytes = Fp32.Bytes * stateWords * rows.Touched,
    };
}

/// <summary>What the tables with sparse gradients leave to their optimizer.</summary>
/// <param name="Parameters">Numbers in all tables.</param>
/// <param name="Listed">Numbers of the gradient, a row as often as it was looked up.</param>
/// <param name="Touched">Numbers of the different rows.</param>
readonly record struct SparseRows(long Parameters, long Listed, long Touched, int Tables);

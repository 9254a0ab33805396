namespace MlPerfEdu.Roofline.Count;

public static class LossCount
{
    const int LabelBytes = 8;

    /// <param name="targetIsInput">The target is the step's own input, as in an auto-encoder, so it adds no bytes touched.</param>
    public static LayerCount MeanSquaredError(string layer, IReadOnlyList<long> prediction, bool targetIsInput)
    {
        var x = Shapes.Elements(prediction);
        var target = targetIsInput ? 0 : x;
        return new LayerCount
        {
            Layer = layer,
            Kind = "mse loss",
            Output = [],
            // Subtract, square, add; backwards subtract, scale, and the product with the incoming gradient.
            Forward = new Work(0, 3 * x, Fp32.Bytes * (2 * x + 1), 1),
            DataGradient = new Work(0, 3 * x, Fp32.Bytes * (3 * x + 1), 1),
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
            Forward = new Work(0, 5 * x + rows, Fp32.Bytes * 2 * x, 1) + likelihood.Forward,
            // Exponent, row sum of the gradient, multiply, subtract.
            DataGradient = likelihood.DataGradient + new Work(0, 4 * x, Fp32.Bytes * 3 * x, 1),
            UniqueBytes = Fp32.Bytes * x + likelihood.UniqueBytes,
        };
    }

    /// <summary>Picks the label's logarithm in each row; its gradient is zero elsewhere.</summary>
    public static LayerCount NegativeLogLikelihood(string layer, IReadOnlyList<long> logarithms)
    {
        var rows = logarithms[0];
        return new LayerCount
        {
            Layer = layer,
            Kind = "nll loss",
            Output = [],
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
        return new LayerCount
        {
            Layer = layer,
            Kind = "binary cross entropy loss",
            Output = [],
            Forward = new Work(0, 10 * x, Fp32.Bytes * (2 * x + 1), 1),
            DataGradient = new Work(0, 7 * x, Fp32.Bytes * (3 * x + 1), 1),
            UniqueBytes = Fp32.Bytes * (x + 1),
            InputBytes = Fp32.Bytes * x,
        };
    }
}

namespace MlPerfEdu.Roofline.Count;

public static class LossCount
{
    const int LabelBytes = 8;

    /// <param name="targetIsInput">The target is the step's own input, as in an auto-encoder, so it adds no bytes touched.</param>
    public static LayerCount MeanSquaredError(string layer, IReadOnlyList<long> prediction, bool targetIsInput)
    {
        var x = Shapes.Elements(prediction);
        return new LayerCount
        {
            Layer = layer,
            Kind = "mse loss",
            Output = [],
            // Subtract, square, add; backwards subtract, scale, and the product with the incoming gradient.
            Forward = new Work(0, 3 * x, Fp32.Bytes * (2 * x + 1), 1),
            DataGradient = new Work(0, 3 * x, Fp32.Bytes * (3 * x + 1), 1),
            UniqueBytes = Fp32.Bytes * ((targetIsInput ? 0 : x) + 1),
        };
    }

    /// <summary>Log-softmax over the classes, then the mean negative log-likelihood of the labels.</summary>
    public static LayerCount CrossEntropy(string layer, IReadOnlyList<long> logits)
    {
        var x = Shapes.Elements(logits);
        var rows = logits[0];
        // Maximum, subtract, exponent, sum, subtract; one logarithm per row.
        var logSoftmax = new Work(0, 5 * x + rows, Fp32.Bytes * 2 * x, 1);
        var likelihood = new Work(0, rows, (Fp32.Bytes + LabelBytes) * rows + Fp32.Bytes, 1);
        var likelihoodGradient = new Work(0, rows, Fp32.Bytes * (x + 1) + LabelBytes * rows, 1);
        // Exponent, row sum of the gradient, multiply, subtract.
        var logSoftmaxGradient = new Work(0, 4 * x, Fp32.Bytes * 3 * x, 1);
        return new LayerCount
        {
            Layer = layer,
            Kind = "cross entropy loss",
            Output = [],
            Forward = logSoftmax + likelihood,
            DataGradient = likelihoodGradient + logSoftmaxGradient,
            UniqueBytes = Fp32.Bytes * (x + 1) + LabelBytes * rows,
        };
    }
}

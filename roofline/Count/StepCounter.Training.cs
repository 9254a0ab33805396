namespace MlPerfEdu.Roofline.Count;

public sealed partial class StepCounter
{
    public StepCounter MeanSquaredError(string layer = "loss", bool targetIsInput = false) =>
        Loss(LossCount.MeanSquaredError(layer, shape, targetIsInput));

    /// <summary>From logits over the last dimension, at every position.</summary>
    public StepCounter CrossEntropy(string layer = "loss") => Loss(LossCount.CrossEntropy(layer, ByClass()));

    /// <summary>From logarithms of probabilities over the last dimension.</summary>
    public StepCounter NegativeLogLikelihood(string layer = "loss") => Loss(LossCount.NegativeLogLikelihood(layer, ByClass()));

    /// <summary>From logits, one label each.</summary>
    public StepCounter BinaryCrossEntropy(string layer = "loss") => Loss(LossCount.BinaryCrossEntropy(layer, shape));

    /// <summary>The layers so far run several times, with other samples, before the update; gradients are added up.</summary>
    public StepCounter Accumulate(int steps, string layer = "accumulate")
    {
        var repeated = layers.Select(row => row with
        {
            ForwardMacs = steps * row.ForwardMacs,
            Forward = row.Forward.Times(steps),
            DataGradient = row.DataGradient.Times(steps),
            WeightGradient = row.WeightGradient.Times(steps),
            // Results use the memory of the step before, samples do not.
            UniqueBytes = row.UniqueBytes + (steps - 1) * row.InputBytes,
            InputBytes = steps * row.InputBytes,
            Operators = [.. row.Operators.Select(product => product with { Calls = steps * product.Calls, Flops = steps * product.Flops })],
        }).ToList();
        layers.Clear();
        layers.AddRange(repeated);
        microSteps *= steps;
        var pass = Accumulation.Of(DenseParameters, steps - 1);
        return Append(new LayerCount
        {
            Layer = layer,
            Kind = "gradient accumulation",
            Output = [],
            // A call per tensor.
            WeightGradient = pass with { Calls = (long)parameterTensors * (steps - 1) },
        });
    }

    public StepCounter ClipGradientNorm(UpdateStyle style, string layer = "clip") =>
        Append(OptimizerCount.ClipGradientNorm(layer, DenseParameters, parameterTensors, style));

    public StepCounter AdamW(UpdateStyle style, string layer = "optimizer") =>
        Append(OptimizerCount.AdamW(layer, DenseParameters, parameterTensors, style));

    public StepCounter Adam(UpdateStyle style, bool weightDecay = false, string layer = "optimizer") =>
        Append(OptimizerCount.Adam(layer, DenseParameters, parameterTensors, style, weightDecay));

    public StepCounter Sgd(UpdateStyle style, bool momentum = false, string layer = "optimizer") =>
        Append(OptimizerCount.Sgd(layer, DenseParameters, parameterTensors, style, momentum));

    /// <summary>Updates the rows that were looked up in tables with sparse gradients; the others keep their moments.</summary>
    public StepCounter SparseAdam(string layer = "sparse optimizer") => Append(SparseOptimizerCount.Adam(layer, sparse));

    public StepCounter SparseSgd(string layer = "sparse optimizer") => Append(SparseOptimizerCount.Sgd(layer, sparse));

    long DenseParameters => layers.Sum(layer => layer.Parameters) - sparse.Parameters;

    StepCounter Loss(LayerCount loss) => Append(dataGradient ? loss : loss with { DataGradient = default });

    long[] ByClass() => [Shapes.Elements(shape[..^1]), shape[^1]];
}

namespace MlPerfEdu.Roofline.Count;

public sealed partial class StepCounter
{
    public StepCounter MeanSquaredError(string layer = "loss", bool targetIsInput = false) =>
        Append(LossCount.MeanSquaredError(layer, shape, targetIsInput));

    public StepCounter CrossEntropy(string layer = "loss")
    {
        Expect(2, layer);
        return Append(LossCount.CrossEntropy(layer, shape));
    }

    public StepCounter ClipGradientNorm(UpdateStyle style, string layer = "clip") =>
        Append(OptimizerCount.ClipGradientNorm(layer, Parameters, parameterTensors, style));

    public StepCounter AdamW(UpdateStyle style, string layer = "optimizer") =>
        Append(OptimizerCount.AdamW(layer, Parameters, parameterTensors, style));

    public StepCounter Adam(UpdateStyle style, bool weightDecay = false, string layer = "optimizer") =>
        Append(OptimizerCount.Adam(layer, Parameters, parameterTensors, style, weightDecay));

    public StepCounter Sgd(UpdateStyle style, bool momentum = false, string layer = "optimizer") =>
        Append(OptimizerCount.Sgd(layer, Parameters, parameterTensors, style, momentum));

    long Parameters => layers.Sum(layer => layer.Parameters);
}

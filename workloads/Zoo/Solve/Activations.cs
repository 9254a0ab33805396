namespace MlPerfEdu.Zoo;

/// <summary>Bytes of activations that one pass writes and reads.</summary>
static class Activations
{
    // Of one token in one layer of a transformer, in multiples of its width (Korthikanti et al. 2022, table 2, for two bytes each).
    public const double PerTokenAndLayer = 34;

    /// <param name="units">Inputs, images, sequences or tokens.</param>
    public static ByteCount Of(in Question question, double units)
    {
        var (model, dtype) = (question.Model, question.Dtype);
        // A tenth of the weights is far from the truth for one token, and its shapes are known.
        return model is { Layers: { } layers, Hidden: { } hidden }
            ? new(units * model.Sequence * layers * PerTokenAndLayer * hidden * dtype.Bytes() / 2)
            : model.Weights(dtype) * (question.Heuristics.ActivationTraffic * units);
    }
}

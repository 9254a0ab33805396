using System.Numerics.Tensors;

namespace MlPerfEdu.Serving.Merging;

/// <summary>What fine-tuning changed: the weights of a model minus those of its base.</summary>
static class Deltas
{
    public static float[] Of(ReadOnlySpan<float> baseWeights, float[] model)
    {
        var delta = new float[model.Length];
        TensorPrimitives.Subtract(model, baseWeights, delta);
        return delta;
    }

    public static void Check(ReadOnlySpan<float> baseWeights, IReadOnlyList<float[]> models, Span<float> merged)
    {
        Guard.NotEmpty(baseWeights.Length, "weights of the base");
        Guard.Length(merged.Length, baseWeights.Length, "the merged weights");
        Guard.Finite(baseWeights, "the weights of the base");
        foreach (var model in models)
        {
            Guard.Length(model.Length, baseWeights.Length, "the weights of a model");
            Guard.Finite(model, "the weights of a model");
        }
    }
}

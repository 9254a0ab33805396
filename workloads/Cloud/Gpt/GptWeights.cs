using MlPerfEdu.Workloads.Cloud.NanoGpt;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Cloud.Gpt;

/// <summary>Where the parameters of a model lie. They keep their storage for life, so addresses are taken once.</summary>
sealed unsafe class GptWeights
{
    public readonly struct Affine(float* weight, float* bias)
    {
        public float* Weight { get; } = weight;

        public float* Bias { get; } = bias;
    }

    public readonly struct Layer(Affine attentionNorm, Affine queryKeyValue, Affine output, Affine mlpNorm, Affine up, Affine down)
    {
        public Affine AttentionNorm { get; } = attentionNorm;

        public Affine QueryKeyValue { get; } = queryKeyValue;

        public Affine Output { get; } = output;

        public Affine MlpNorm { get; } = mlpNorm;

        public Affine Up { get; } = up;

        public Affine Down { get; } = down;
    }

    readonly Dictionary<string, Tensor> parameters;

    public GptWeights(NanoGptModel model)
    {
        parameters = model.named_parameters().ToDictionary(parameter => parameter.name, parameter => (Tensor)parameter.parameter);
        Layers = [.. Enumerable.Range(0, model.Geometry.Layers).Select(i => new Layer(
            Find($"layers.{i}.attentionNorm"), Find($"layers.{i}.queryKeyValue"), Find($"layers.{i}.output"),
            Find($"layers.{i}.mlpNorm"), Find($"layers.{i}.up"), Find($"layers.{i}.down")))];
        Norm = Find("norm");
        Tokens = NativeFloats.Of(parameters["tokens.weight"]);
        Positions = NativeFloats.Of(parameters["positions.weight"]);
    }

    public Layer[] Layers { get; }

    public Affine Norm { get; }

    /// <summary>[V, D], also the head.</summary>
    public float* Tokens { get; }

    /// <summary>[context, D]</summary>
    public float* Positions { get; }

    Affine Find(string module) => new(NativeFloats.Of(parameters[$"{module}.weight"]), NativeFloats.Of(parameters[$"{module}.bias"]));
}

using System.Runtime.InteropServices;
using MlPerfEdu.Numerics;
using MlPerfEdu.Workloads.Cloud.NanoGpt;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Cloud.Gpt;

/// <summary>
/// Where the weights of a model lie. Those of fp32 are the model's own, which keep their storage for life, so that addresses are taken once and
/// a model that learns on is followed; matrices of other formats are copies, made now. Vectors and embedding tables stay fp32.
/// </summary>
sealed unsafe class GptWeights : IDisposable
{
    public readonly struct Affine(float* weight, float* bias)
    {
        public float* Weight { get; } = weight;

        public float* Bias { get; } = bias;
    }

    public readonly struct Layer(Affine attentionNorm, TokenLayer queryKeyValue, TokenLayer output, Affine mlpNorm, TokenLayer up, TokenLayer down)
    {
        public Affine AttentionNorm { get; } = attentionNorm;

        public TokenLayer QueryKeyValue { get; } = queryKeyValue;

        public TokenLayer Output { get; } = output;

        public Affine MlpNorm { get; } = mlpNorm;

        public TokenLayer Up { get; } = up;

        public TokenLayer Down { get; } = down;
    }

    readonly GptNumbers numbers;
    readonly Dictionary<string, Tensor> parameters;
    readonly List<nint> copies = [];

    public GptWeights(NanoGptModel model, GptNumbers numbers)
    {
        this.numbers = numbers;
        parameters = model.named_parameters().ToDictionary(parameter => parameter.name, parameter => (Tensor)parameter.parameter);
        Layers = [.. Enumerable.Range(0, model.Geometry.Layers).Select(i => new Layer(
            Find($"layers.{i}.attentionNorm"), Store($"layers.{i}.queryKeyValue"), Store($"layers.{i}.output"),
            Find($"layers.{i}.mlpNorm"), Store($"layers.{i}.up"), Store($"layers.{i}.down")))];
        Norm = Find("norm");
        Tokens = NativeFloats.Of(parameters["tokens.weight"]);
        Positions = NativeFloats.Of(parameters["positions.weight"]);
        Classifier = Store("tokens");
    }

    public Layer[] Layers { get; }

    public Affine Norm { get; }

    /// <summary>[V, D]</summary>
    public float* Tokens { get; }

    /// <summary>[context, D]</summary>
    public float* Positions { get; }

    /// <summary>The table of tokens again, as the products of the head read it.</summary>
    public TokenLayer Classifier { get; }

    /// <summary>Of the matrices, with their scales: what a step reads of them, once.</summary>
    public long MatrixBytes { get; private set; }

    Affine Find(string module) => new(NativeFloats.Of(parameters[$"{module}.weight"]), NativeFloats.Of(parameters[$"{module}.bias"]));

    TokenLayer Store(string module)
    {
        var weight = parameters[$"{module}.weight"];
        var (outputs, inputs) = ((int)weight.shape[0], (int)weight.shape[1]);
        var from = NativeFloats.Of(weight);
        var bias = parameters.TryGetValue($"{module}.bias", out var vector) ? NativeFloats.Of(vector) : null;
        MatrixBytes += (long)outputs * (inputs * numbers.Bytes() + numbers.ScaleBytes());
        if (numbers == GptNumbers.Fp32)
            return new((byte*)from, null, bias);
        RequireFinite(module, weight);
        var stored = Room((nint)outputs * inputs * numbers.Bytes());
        if (numbers == GptNumbers.Fp16)
        {
            Widening.Narrow(from, (Half*)stored, outputs * inputs);
            return new(stored, null, bias);
        }

        var scales = (float*)Room(outputs * sizeof(float));
        for (var output = 0; output < outputs; output++)
        {
            var row = from + (nint)output * inputs;
            scales[output] = RowScale.Of(row, inputs, sbyte.MaxValue);
            RowScale.Divide(row, inputs, scales[output], (sbyte*)stored + (nint)output * inputs);
        }

        return new(stored, scales, bias);
    }

    // The largest half is 65,504, and an infinite one is not told from a number.
    void RequireFinite(string module, Tensor weight)
    {
        var largest = weight.abs().max().item<float>();
        var bound = numbers == GptNumbers.Fp16 ? (float)Half.MaxValue : float.MaxValue;
        if (!(largest <= bound))
            throw new ArgumentException($"A weight of {largest} in {module}; {numbers} holds numbers up to {bound}. Use weights that are fp32.");
    }

    byte* Room(nint bytes)
    {
        var room = NativeMemory.AlignedAlloc((nuint)bytes, NativeFloats.Line * sizeof(float));
        copies.Add((nint)room);
        return (byte*)room;
    }

    public void Dispose()
    {
        foreach (var copy in copies)
            NativeMemory.AlignedFree((void*)copy);
        copies.Clear();
    }
}

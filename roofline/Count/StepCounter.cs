namespace MlPerfEdu.Roofline.Count;

/// <summary>Counts a training step while a model states its layers once, in order; shapes follow by themselves.</summary>
/// <remarks>Nothing before the first layer with parameters has a data gradient, and neither has that layer.</remarks>
public sealed partial class StepCounter
{
    const int IdBytes = 8;

    readonly List<LayerCount> layers = [];
    readonly int batch;
    long[] shape = [];
    int parameterTensors;
    int microSteps = 1;
    bool dataGradient;
    bool training = true;
    bool frozen;

    /// <param name="sample">Shape of one sample, without the batch: channels × height × width, or features.</param>
    public StepCounter(int batch, params long[] sample)
        : this(batch) => Input("input", [batch, .. sample]);

    StepCounter(int batch) => this.batch = batch;

    /// <summary>Samples of numbered tokens, for an embedding.</summary>
    public static StepCounter OfTokens(int batch, long length) => new StepCounter(batch).Tokens("input", length);

    /// <summary>Shape of the latest result, batch first.</summary>
    public IReadOnlyList<long> Shape => shape;

    /// <summary>Another input, of numbered tokens: what follows works on it.</summary>
    public StepCounter Tokens(string layer, long length)
    {
        dataGradient = false;
        return Fetch(layer, "token fetch", [batch, length], IdBytes);
    }

    /// <summary>Forward only, with dropout off and running statistics. Comes right after the input.</summary>
    public StepCounter ForInference()
    {
        if (layers.Count > 1)
        {
            throw new InvalidOperationException(
                $"Layer '{layers[^1].Layer}' was counted for training already; call ForInference before the first layer.");
        }

        training = false;
        return this;
    }

    /// <summary>Layers whose parameters stay as they are: gradients pass through them, if there is anything to train before.</summary>
    public StepCounter Frozen(Action<StepCounter> part) => WithParameters(part, trained: false);

    public StepCount Build() => new(batch * microSteps, [.. layers]);

    StepCounter Input(string layer, long[] input) => Fetch(layer, "batch fetch", input, Fp32.Bytes);

    StepCounter Fetch(string layer, string kind, long[] input, int elementBytes)
    {
        var bytes = elementBytes * Shapes.Elements(input);
        dataGradient = false;
        return Append(new LayerCount
        {
            Layer = layer,
            Kind = kind,
            Output = input,
            // The batch is gathered from the data set: read there, written here.
            Forward = new Work(0, 0, 2 * bytes, 1),
            UniqueBytes = bytes,
            InputBytes = bytes,
        });
    }

    Gradients Gradients => new(dataGradient, training && !frozen);

    StepCounter WithParameters(Action<StepCounter> part, bool trained)
    {
        var before = frozen;
        frozen = !trained;
        part(this);
        frozen = before;
        return this;
    }

    StepCounter Append(LayerCount layer)
    {
        layers.Add(frozen ? layer with { Parameters = 0, FrozenParameters = layer.Parameters } : layer);
        if (layer.Output.Count > 0)
            shape = [.. layer.Output];
        return this;
    }

    /// <param name="tensors">Tensors of parameters; none for a layer that uses those of another.</param>
    StepCounter AppendWithParameters(LayerCount layer, int tensors)
    {
        if (Gradients.Weights)
        {
            parameterTensors += tensors;
            dataGradient = true;
        }

        return Append(layer);
    }

    void Expect(int dimensions, string layer)
    {
        if (shape.Length != dimensions)
        {
            throw new InvalidOperationException(
                $"Layer '{layer}' gets a result of shape {string.Join('x', shape)}; it needs {dimensions} dimensions. Flatten or reorder the layers before it.");
        }
    }
}

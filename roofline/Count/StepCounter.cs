namespace MlPerfEdu.Roofline.Count;

/// <summary>Counts a training step while a model states its layers once, in order; shapes follow by themselves.</summary>
/// <remarks>Nothing before the first layer with parameters has a data gradient, and neither has that layer.</remarks>
public sealed partial class StepCounter
{
    readonly List<LayerCount> layers = [];
    readonly int batch;
    long[] shape;
    int parameterTensors;
    bool dataGradient;

    /// <param name="sample">Shape of one sample, without the batch: channels × height × width, or features.</param>
    public StepCounter(int batch, params long[] sample)
    {
        this.batch = batch;
        shape = [batch, .. sample];
        var elements = Shapes.Elements(shape);
        layers.Add(new LayerCount
        {
            Layer = "input",
            Kind = "batch fetch",
            Output = shape,
            // The batch is gathered from the data set: read there, written here.
            Forward = new Work(0, 0, Fp32.Bytes * 2 * elements, 1),
            UniqueBytes = Fp32.Bytes * elements,
        });
    }

    /// <summary>Shape of the latest result, batch first.</summary>
    public IReadOnlyList<long> Shape => shape;

    public StepCount Build() => new(batch, [.. layers]);

    StepCounter Append(LayerCount layer, int tensors = 0)
    {
        layers.Add(layer);
        if (layer.Output.Count > 0)
            shape = [.. layer.Output];
        parameterTensors += tensors;
        dataGradient |= tensors > 0;
        return this;
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

namespace MlPerfEdu.Roofline.Count;

/// <summary>One position of each sample: a view forwards, zeros around its gradient backwards.</summary>
public static class SelectCount
{
    public static LayerCount Of(string layer, IReadOnlyList<long> input, bool dataGradient)
    {
        IReadOnlyList<long> output = [input[0], input[^1]];
        return new LayerCount
        {
            Layer = layer,
            Kind = "select",
            Output = output,
            DataGradient = dataGradient ? new Work(0, 0, Fp32.Bytes * (Shapes.Elements(input) + Shapes.Elements(output)), 1) : default,
        };
    }
}

namespace MlPerfEdu.Roofline.Count;

/// <summary>Rotary positions: pairs of query and key numbers are turned by an angle that grows with the position.</summary>
public static class RotaryCount
{
    // Per element two products and a sum.
    const int Flops = 3;

    public static LayerCount Of(string layer, IReadOnlyList<long> shape, long turned, long angles, bool dataGradient)
    {
        var pass = new Work(0, Flops * turned, Fp32.Bytes * (2 * turned + angles), 1);
        return new LayerCount
        {
            Layer = layer,
            Kind = "rotary positions",
            Output = shape,
            Forward = pass,
            DataGradient = dataGradient ? pass : default,
            UniqueBytes = Fp32.Bytes * (turned + angles),
        };
    }
}

namespace MlPerfEdu.Roofline.Count;

/// <summary>y = x·Wᵀ + b over a number of rows.</summary>
public static class LinearCount
{
    public static LayerCount Of(string layer, long rows, long inputs, long outputs, bool bias, bool dataGradient)
    {
        var macs = rows * inputs * outputs;
        var x = rows * inputs;
        var w = inputs * outputs;
        var y = rows * outputs;
        var b = bias ? outputs : 0;
        var products = dataGradient ? 3 : 2;
        return new LayerCount
        {
            Layer = layer,
            Kind = "linear",
            Output = [rows, outputs],
            Parameters = w + b,
            ForwardMacs = macs,
            Forward = new Work(2 * macs, bias ? y : 0, Fp32.Bytes * (x + w + b + y), 1),
            DataGradient = dataGradient ? new Work(2 * macs, 0, Fp32.Bytes * (y + w + x), 1) : default,
            WeightGradient = new Work(2 * macs, 0, Fp32.Bytes * (x + y + w), 1) + BiasGradient(y, b),
            UniqueBytes = Fp32.Bytes * (2 * (w + b) + y),
            Operators = [new OperatorCount(OperatorKey.Matmul(2 * macs), products, products * 2 * macs)],
        };
    }

    // A sum of the output's gradient over everything but the channel.
    static Work BiasGradient(long outputs, long bias) =>
        bias == 0 ? default : new Work(0, outputs, Fp32.Bytes * (outputs + bias), 1);
}

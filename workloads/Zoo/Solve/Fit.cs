namespace MlPerfEdu.Zoo;

/// <summary>Whether a device holds a model, and in which dtypes.</summary>
public sealed record Fit(Device Device, IReadOnlyList<(Dtype Dtype, ByteCount Footprint, double Share)> Holds)
{
    // Widest first; of formats of the same width, the usual one.
    static readonly Dtype[] Widths = [Dtype.Fp32, Dtype.Fp16, Dtype.Int8, Dtype.Int4];

    public Dtype? Widest => Holds.Count > 0 ? Holds[0].Dtype : null;

    public static Fit Of(Model model, Device device, int batch = 1, int context = 0)
    {
        var holds = new List<(Dtype, ByteCount, double)>();
        foreach (var dtype in Widths)
        {
            var prediction = SingleNode.Solve(new(model, device) { Batch = batch, Context = context, Dtype = dtype });
            if (prediction.Fits) holds.Add((dtype, prediction.Footprint, prediction.Footprint / device.Capacity));
        }
        return new(device, holds);
    }
}

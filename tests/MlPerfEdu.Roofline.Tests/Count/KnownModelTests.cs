using MlPerfEdu.Roofline.Count;

namespace MlPerfEdu.Roofline.Tests.Count;

public class KnownModelTests
{
    public static TheoryData<string, long, double> Known => new()
    {
        { "DS-CNN", 19_932, 18.288576e6 },
        { "visual wake words", 8_514, 1.214336e6 },
        { "auto-encoder", 302_872, 301_056 },
        { "ResNet-18", 11_220_132, 555.5e6 },
        { "MobileNetV2", 2_351_972, 88.1e6 },
    };

    [Theory]
    [MemberData(nameof(Known))]
    public void Parameters_and_macs_per_sample_are_the_known_ones(string model, long parameters, double macs)
    {
        var count = Model(model, batch: 2);

        Assert.Equal(parameters, count.Parameters);
        Assert.Equal(macs, count.ForwardMacsPerSample, tolerance: 0.0005 * macs);
    }

    [Theory]
    [MemberData(nameof(Known))]
    public void Both_gradients_cost_as_much_as_forward_but_the_first_layer_has_one(string model, long parameters, double macs)
    {
        _ = (parameters, macs);
        var count = Model(model, batch: 3);
        var first = count.Layers.First(layer => layer.ForwardMacs > 0);

        Assert.Equal(2 * count.ForwardMacs, count.ForwardFlops);
        Assert.Equal(count.ForwardFlops, count.WeightGradientFlops);
        Assert.Equal(count.ForwardFlops - 2 * first.ForwardMacs, count.DataGradientFlops);
        Assert.Equal(count.Flops, count.Layers.SelectMany(layer => layer.Operators).Sum(row => row.Flops));
    }

    [Fact]
    public void Work_of_the_layers_grows_with_the_batch_and_parameters_do_not()
    {
        var (one, two) = (Models.DsCnn(1), Models.DsCnn(2));

        Assert.Equal(2 * one.Flops, two.Flops);
        Assert.Equal(one.Parameters, two.Parameters);
        Assert.Equal(one.OperatorCalls, two.OperatorCalls);
        Assert.InRange(two.Bytes, one.Bytes + 1, 2 * one.Bytes - 1);
    }

    static StepCount Model(string name, int batch) => name switch
    {
        "DS-CNN" => Models.DsCnn(batch),
        "visual wake words" => Models.Vww(batch),
        "auto-encoder" => Models.AutoEncoder(batch),
        "ResNet-18" => Models.ResNet18(batch),
        _ => Models.MobileNetV2(batch),
    };
}

using System.Text.Json;
using MlPerfEdu.Workloads.Cloud.NanoGpt;
using static TorchSharp.torch.nn;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Tests.Cloud;

/// <summary>The first step of the model in its real size against PyTorch's, from weights that make_nanogpt.py makes in the same way.</summary>
public class NanoGptParityTests(ITestOutputHelper output)
{
    const double Tolerance = 1e-4;
    const double WeightRange = 0.06;
    const uint SignStream = 99;

    static readonly NanoGptGeometry Geometry = NanoGptGeometry.From(ThisClone.Entry("nanogpt-train").Geometry);

    [Fact]
    public void Loss_and_gradients_of_the_first_step_are_pytorchs()
    {
        using var scope = NewDisposeScope();
        using var fixture = JsonDocument.Parse(File.ReadAllText(
            Path.Combine(ThisClone.Repository.Root, "tests/MlPerfEdu.Workloads.Tests/Cloud/Fixtures/nanogpt.json")));
        var expected = fixture.RootElement;
        var model = Model();
        var text = Text(expected.GetProperty("batch").GetInt32(), expected.GetProperty("window").GetInt32());
        var length = text.shape[1] - 1;
        var logits = model.forward(text.narrow(1, 0, length));
        var loss = functional.cross_entropy(logits.view(-1, Geometry.Vocabulary), text.narrow(1, 1, length).reshape(-1));
        loss.backward();

        var difference = Math.Abs(loss.item<float>() / expected.GetProperty("loss").GetDouble() - 1);
        foreach (var (name, parameter) in model.named_parameters())
            difference = Math.Max(difference, Difference(parameter.grad!.data<float>().ToArray(), expected.GetProperty("gradients").GetProperty(name)));
        output.WriteLine($"largest relative difference: {difference:g3}");
        Assert.Equal(model.named_parameters().Count(), expected.GetProperty("gradients").EnumerateObject().Count());
        Assert.InRange(difference, 0, Tolerance);
    }

    // Norm, sum under random signs and single values; the latter relative to the gradient's root mean square.
    static double Difference(float[] gradient, JsonElement expected)
    {
        var norm = expected.GetProperty("norm").GetDouble();
        var size = norm / Math.Sqrt(gradient.Length);
        var signed = gradient.Select((value, i) => Uniform(SignStream, i) < 0 ? -(double)value : value).Sum();
        var values = expected.GetProperty("places").EnumerateArray().Zip(expected.GetProperty("values").EnumerateArray());
        return values.Select(pair => Math.Abs(gradient[pair.First.GetInt32()] - pair.Second.GetDouble()) / size)
            .Append(Math.Abs(Math.Sqrt(gradient.Sum(value => (double)value * value)) / norm - 1))
            .Append(Math.Abs(signed - expected.GetProperty("signed_sum").GetDouble()) / norm)
            .Max();
    }

    static NanoGptModel Model()
    {
        var model = new NanoGptModel(Geometry);
        using var none = no_grad();
        uint stream = 1;
        foreach (var (name, parameter) in model.named_parameters().OrderBy(pair => pair.name, StringComparer.Ordinal))
        {
            var center = name.EndsWith("norm.weight", StringComparison.OrdinalIgnoreCase) ? 1 : 0;
            var of = stream++;
            var values = Enumerable.Range(0, (int)parameter.numel()).Select(i => (float)(WeightRange * Uniform(of, i)) + center);
            parameter.copy_(tensor(values.ToArray()).view(parameter.shape));
        }
        return model;
    }

    static Tensor Text(int batch, int window) => tensor(
        Enumerable.Range(0, batch * (window + 1)).Select(i => (long)((Uniform(0, i) + 1) * Geometry.Vocabulary / 2)).ToArray(), [batch, window + 1]);

    // In [-1, 1), 24 bits: splitmix64 of stream and position.
    static double Uniform(uint stream, int position)
    {
        var z = (((ulong)stream << 32) + (ulong)position) * 0x9E3779B97F4A7C15;
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
        z = (z ^ z >> 27) * 0x94D049BB133111EB;
        z ^= z >> 31;
        return (z >> 40) / (double)(1 << 23) - 1;
    }
}

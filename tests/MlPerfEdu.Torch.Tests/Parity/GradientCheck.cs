using TorchSharp;
using static TorchSharp.torch;

namespace MlPerfEdu.Torch.Tests.Parity;

/// <summary>Sends the fixtures' cotangent back through the outputs and compares what arrives.</summary>
public static class GradientCheck
{
    public static IEnumerable<string> Run(FixtureCase fixture, Outputs outputs, Func<string, Tensor> source)
    {
        var expected = fixture.Named("grad");
        var tracked = outputs.Tensors.Where(o => o.requires_grad).ToArray();
        if (tracked.Length > 0 != expected.Count > 0)
            return [$"{tracked.Length} outputs require a gradient, expected {(expected.Count > 0 ? "some" : "none")}"];
        if (expected.Count == 0)
            return [];
        tracked.Select(o => (o * Cotangent(o)).sum()).Aggregate((a, b) => a + b).backward();
        return expected.Select(e => Compare(e.Key, source(e.Key).grad, e.Value, fixture.Tolerance)).OfType<string>();
    }

    private static string? Compare(string name, Tensor? actual, TensorValue? expected, Tolerance tolerance)
    {
        if (actual is null || expected is null)
            return actual is null && expected is null ? null : $"gradient of {name} is {(actual is null ? "absent" : "present")}, expected the opposite";
        return Difference.Between(TensorValue.Of(actual), expected, tolerance) is { } difference ? $"gradient of {name}: {difference}" : null;
    }

    // The same formula as in Fixtures/parity/group.py: exact in every float type.
    private static Tensor Cotangent(Tensor output)
    {
        var weights = Enumerable.Range(0, (int)output.numel()).Select(i => (i % 7 - 3) * 0.25 + 0.125).ToArray();
        return tensor(weights, output.shape, output.dtype);
    }
}

using TorchSharp;
using static TorchSharp.torch;

namespace MlPerfEdu.Torch.Tests.Parity;

/// <summary>Runs the C# side of a case and says everything in which it differs from PyTorch.</summary>
public static class CaseRunner
{
    public static IEnumerable<string> Run(FixtureCase fixture, Func<CaseInputs, Outputs> call)
    {
        using var scope = NewDisposeScope();
        var inputs = new CaseInputs(fixture);
        random.manual_seed(fixture.Seed);
        var outputs = call(inputs);
        return [.. OutputDifferences(fixture, outputs), .. GradientCheck.Run(fixture, outputs, name => inputs[name])];
    }

    public static IEnumerable<string> OutputDifferences(FixtureCase fixture, Outputs outputs)
    {
        var expected = fixture.Outputs;
        if (outputs.Tensors.Length != expected.Length)
            return [$"{outputs.Tensors.Length} outputs, expected {expected.Length}"];
        return expected
            .Select((e, i) => Difference.Between(TensorValue.Of(outputs.Tensors[i]), e, fixture.Tolerance) is { } d ? $"output {i}: {d}" : null)
            .OfType<string>();
    }
}

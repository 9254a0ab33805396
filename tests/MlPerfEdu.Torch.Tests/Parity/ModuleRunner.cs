using TorchSharp;
using static TorchSharp.torch;

namespace MlPerfEdu.Torch.Tests.Parity;

/// <summary>Runs a module from the fixture's state and says everything in which it differs from PyTorch.</summary>
public static class ModuleRunner
{
    public static IEnumerable<string> Run(FixtureCase fixture, ModuleCase module)
    {
        using var scope = NewDisposeScope();
        using var built = module.Build(fixture.Seed);
        Load(built, fixture.Named("state"));
        built.train(fixture.Json.GetProperty("train").GetBoolean());
        var inputs = new CaseInputs(fixture);
        random.manual_seed(fixture.Seed);
        var outputs = module.Call(built, inputs);
        var parameters = built.named_parameters().ToDictionary(p => "param:" + p.name, p => (Tensor)p.parameter);
        return
        [
            .. CaseRunner.OutputDifferences(fixture, outputs),
            .. GradientCheck.Run(fixture, outputs, name => parameters.TryGetValue(name, out var p) ? p : inputs[name]),
            .. StateDifferences(fixture.Named("buffers"), built.named_buffers().ToDictionary(b => b.name, b => b.buffer), fixture.Tolerance),
        ];
    }

    /// <summary>The state that the constructor leaves: the same names, and the same values for the same seed.</summary>
    public static IEnumerable<string> InitialState(FixtureCase fixture, ModuleCase module)
    {
        using var scope = NewDisposeScope();
        using var built = module.Build(fixture.Seed);
        return [.. StateDifferences(fixture.Named("state"), built.state_dict(), new(0, 0))];
    }

    private static void Load(nn.Module module, Dictionary<string, TensorValue?> state)
    {
        using var _ = no_grad();
        foreach (var (name, tensor) in module.state_dict())
            tensor.copy_(state[name]!.ToTensor());
    }

    private static IEnumerable<string> StateDifferences(
        Dictionary<string, TensorValue?> expected, Dictionary<string, Tensor> actual, Tolerance tolerance)
    {
        if (!expected.Keys.ToHashSet().SetEquals(actual.Keys))
            return [$"names [{string.Join(", ", actual.Keys)}], expected [{string.Join(", ", expected.Keys)}]"];
        return expected
            .Select(e => Difference.Between(TensorValue.Of(actual[e.Key]), e.Value!, tolerance) is { } d ? $"{e.Key}: {d}" : null)
            .OfType<string>();
    }
}

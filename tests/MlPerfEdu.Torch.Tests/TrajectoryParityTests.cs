using MlPerfEdu.Torch.Tests.Cases;
using MlPerfEdu.Torch.Tests.Parity;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MlPerfEdu.Torch.Tests;

/// <summary>Ten training steps: the losses, learning rates and gradient norms on the way, the parameters at the end.</summary>
public sealed class TrajectoryParityTests
{
    private const string Group = "optim";

    public static TheoryData<string> Cases => [.. Training.Recipes.Keys];

    [Theory, MemberData(nameof(Cases))]
    public void Equals_PyTorch(string name)
    {
        var fixture = FixtureFile.Group(Group)[name];
        using var scope = NewDisposeScope();
        ParityAssert.NoDifference(fixture, Differences(fixture, Training.Recipes[name]));
    }

    [Fact]
    public void Has_the_cases_of_the_fixture() => ParityAssert.SameNames(Group, Training.Recipes.Keys);

    private static IEnumerable<string> Differences(FixtureCase fixture, Recipe recipe)
    {
        var inputs = new CaseInputs(fixture);
        Parameter[] p = [.. new[] { "w1", "b1", "w2" }.Select(n => nn.Parameter(inputs[n]))];
        var clip = fixture.Json.GetProperty("clip").GetDouble();
        using var optimizer = recipe.Optimizer(p);
        var schedule = recipe.Schedule?.Invoke(optimizer);
        List<double> losses = [], rates = [], norms = [];
        for (var step = 0; step < 10; step++)
        {
            rates.Add(optimizer.ParamGroups.First().LearningRate);
            optimizer.zero_grad();
            var loss = (((inputs["x"].matmul(p[0]) + p[1]).tanh()).matmul(p[2]) - inputs["y"]).square().mean();
            loss.backward();
            if (clip > 0)
                norms.Add(nn.utils.clip_grad_norm_(p, clip));
            optimizer.step();
            losses.Add(loss.item<float>());
            schedule?.step();
        }
        return
        [
            .. SeriesDifference("losses", losses, fixture),
            .. SeriesDifference("rates", rates, fixture),
            .. SeriesDifference("norms", norms, fixture),
            .. CaseRunner.OutputDifferences(fixture, new(p)),
        ];
    }

    private static IEnumerable<string> SeriesDifference(string key, List<double> actual, FixtureCase fixture)
    {
        var expected = TensorValue.Read(fixture.Json.GetProperty(key));
        var difference = Difference.Between(new(expected.Type, [actual.Count], [.. actual]), expected, fixture.Tolerance);
        return difference is null ? [] : [$"{key}: {difference}"];
    }
}

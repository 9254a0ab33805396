using MlPerfEdu.Torch.Tests.Cases;
using MlPerfEdu.Torch.Tests.Parity;

namespace MlPerfEdu.Torch.Tests;

public sealed class ModuleParityTests
{
    private const string Group = "modules";

    public static TheoryData<string> Cases => [.. ModuleCases.Table];

    [Theory, MemberData(nameof(Cases))]
    public void Equals_PyTorch(string name)
    {
        var fixture = FixtureFile.Group(Group)[name];
        ParityAssert.NoDifference(fixture, ModuleRunner.Run(fixture, ModuleCases.Table[name]));
    }

    [Theory, MemberData(nameof(Cases))]
    public void Starts_with_the_weights_of_PyTorch(string name)
    {
        var fixture = FixtureFile.Group(Group)[name];
        ParityAssert.NoDifference(fixture, ModuleRunner.InitialState(fixture, ModuleCases.Table[name]));
    }

    [Fact]
    public void Has_the_cases_of_the_fixture() => ParityAssert.SameNames(Group, ModuleCases.Table);
}

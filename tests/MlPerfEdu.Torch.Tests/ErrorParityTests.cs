using System.Runtime.InteropServices;
using MlPerfEdu.Torch.Tests.Cases;
using MlPerfEdu.Torch.Tests.Parity;
using static TorchSharp.torch;

namespace MlPerfEdu.Torch.Tests;

/// <summary>A refused call throws, with libtorch's own words.</summary>
public sealed class ErrorParityTests
{
    public static TheoryData<string> Cases => [.. Errors.Table];

    [Theory, MemberData(nameof(Cases))]
    public void Says_what_PyTorch_says(string name)
    {
        var fixture = FixtureFile.Group(Errors.Table.Group)[name];
        using var scope = NewDisposeScope();
        var inputs = new CaseInputs(fixture);
        foreach (var call in Errors.Table[name])
            Assert.Contains(fixture.Error!, Assert.Throws<ExternalException>(() => call(inputs)).Message);
    }

    [Theory, MemberData(nameof(Cases))]
    public void Leaves_the_library_usable(string name)
    {
        Says_what_PyTorch_says(name);
        using var sum = tensor(1f) + tensor(2f);
        Assert.Equal(3f, sum.item<float>());
    }

    [Fact]
    public void Has_the_cases_of_the_fixture() => ParityAssert.SameNames(Errors.Table.Group, Errors.Table);
}

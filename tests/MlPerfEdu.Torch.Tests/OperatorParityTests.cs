using MlPerfEdu.Torch.Tests.Cases;
using MlPerfEdu.Torch.Tests.Parity;

namespace MlPerfEdu.Torch.Tests;

public sealed class OperatorParityTests
{
    private static readonly CaseTable[] Tables =
    [
        Pointwise.Table, Reductions.Table, Shapes.Table, Indexing.Table, Factories.Table,
        Linalg.Table, Functional.Table, Losses.Table, RandomNumbers.Table, Initialisation.Table, InPlace.Table, Special.Table,
    ];

    public static IEnumerable<object[]> Cases => Tables.SelectMany(t => t.Select(n => new object[] { t.Group, n }));

    public static TheoryData<string> Groups => [.. Tables.Select(t => t.Group)];

    [Theory, MemberData(nameof(Cases))]
    public void Equals_PyTorch(string group, string name)
    {
        var fixture = FixtureFile.Group(group)[name];
        ParityAssert.NoDifference(fixture, TableOf(group)[name].SelectMany((call, i) => CaseRunner.Run(fixture, call).Select(d => $"spelling {i}: {d}")));
    }

    [Theory, MemberData(nameof(Groups))]
    public void Has_the_cases_of_the_fixture(string group) => ParityAssert.SameNames(group, TableOf(group));

    private static CaseTable TableOf(string group) => Tables.Single(t => t.Group == group);
}

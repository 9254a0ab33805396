using System.Reflection;
using MlPerfEdu.Torch.Tests.Cases;

namespace MlPerfEdu.Torch.Tests.Coverage;

/// <summary>A new operation without a case fails here.</summary>
public sealed class CoverageTests
{
    private static readonly HashSet<string> Called =
        CalledMethods.In(Assembly.GetExecutingAssembly().GetTypes().Where(IsTest)).Select(Operations.NameOf).ToHashSet();

    [Fact]
    public void Every_public_operation_has_a_case_or_a_reason()
    {
        var bare = Operations.Public.Where(o => !Called.Contains(o) && !WithoutCase.Explains(o)).Order().ToArray();
        Assert.True(bare.Length == 0,
            $"{bare.Length} operations have no case: add one to Fixtures/parity and Cases, or a reason to {nameof(WithoutCase)}.\n{string.Join('\n', bare)}");
    }

    [Fact]
    public void Every_reason_is_needed()
    {
        var idle = WithoutCase.Reasons.Keys.Where(r => !Operations.Public.Any(o => !Called.Contains(o) && WithoutCase.Matches(r, o))).ToArray();
        Assert.True(idle.Length == 0, $"{nameof(WithoutCase)} excuses what has a case or does not exist: {string.Join(", ", idle)}");
    }

    // The machinery of the comparison calls operations without comparing what they return.
    private static bool IsTest(Type type) => type.Namespace != "MlPerfEdu.Torch.Tests.Parity" && !type.Name.StartsWith("Smoke", StringComparison.Ordinal);
}

using System.ComponentModel;
using System.Reflection;
using Xunit.Sdk;

namespace VerifyXunit;

/// <summary>Remembers the running test method, from which the names of its snapshots follow. Verify.Xunit.targets puts it on the assembly.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class UseVerifyAttribute : BeforeAfterTestAttribute
{
    static readonly AsyncLocal<MethodInfo?> Running = new();

    public override void Before(MethodInfo methodUnderTest) => Running.Value = methodUnderTest;

    public override void After(MethodInfo methodUnderTest) => Running.Value = null;

    public static MethodInfo GetMethod() =>
        Running.Value ?? throw new InvalidOperationException(
            "Verify was called outside of a test, or the test project lacks [assembly: VerifyXunit.UseVerify], "
            + "which build/Verify/Verify.Xunit.targets adds. Call Verify from a test method of a project that imports it.");
}

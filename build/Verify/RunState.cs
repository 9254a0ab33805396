using System.Runtime.CompilerServices;

namespace VerifyTests;

/// <summary>Global settings hold for every snapshot, so they are refused once the first one was compared.</summary>
static class RunState
{
    static string? firstTest;

    public static void Begin(string test) => Interlocked.CompareExchange(ref firstTest, test, null);

    public static void ThrowIfBegun([CallerMemberName] string api = "")
    {
        if (firstTest is not null)
            throw new InvalidOperationException(
                $"{api} came after {firstTest} had verified already. Call it earlier, from a [ModuleInitializer] of the test project.");
    }
}

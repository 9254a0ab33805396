namespace MlPerfEdu.UnusedSnapshots;

/// <summary>
/// Compiled into every test project with UsesVerify. Runs after all other tests and fails when the project's folder holds a
/// snapshot that none of them compared with.
/// </summary>
[Collection(LastCollection.Name)]
public class UnusedSnapshotTests(ITestOutputHelper output)
{
    [Fact]
    public void No_snapshot_is_left_over()
    {
        var assembly = typeof(UnusedSnapshotTests).Assembly;
        // With a filter, the snapshots of the tests that were left out are not left over.
        var leftOut = TestsOfThisRun.LeftOut(assembly);
        if (leftOut.Count > 0)
        {
            output.WriteLine($"Not asked: {leftOut.Count} tests of this project did not run, {leftOut[0]} among them.");
            return;
        }

        VerifierSettings.AssignTargetAssembly(assembly);
#pragma warning disable VerifyDanglingSnapshots // experimental in the package; the version is pinned
        var failure = Record.Exception(DanglingSnapshots.Run);
#pragma warning restore VerifyDanglingSnapshots
        Assert.True(
            failure is null,
            $"MLP0956: Found snapshots that no test of this run compared with; expected none.\n{failure?.Message}\n"
            + "Mend the tests that failed first: one that fails before it compares leaves its snapshot unused. Delete the others, or rename them "
            + "as their tests are called now. See build/Verify/README.md.");
    }
}

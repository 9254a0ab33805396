using System.Diagnostics.CodeAnalysis;
using VerifyTests;

namespace VerifyXunit;

/// <summary>Finds snapshots that no test of this run asked for. Call it after all tests; it checks on build servers only,
/// since elsewhere a run may be a part of the tests.</summary>
[Experimental("VerifyDanglingSnapshots")]
public static class DanglingSnapshots
{
    public static void Run()
    {
        if (BuildServer.Detected)
            UsedSnapshots.Check(Directory.EnumerateFiles(Project.Directory, "*.verified.*", SearchOption.AllDirectories), Project.Directory);
    }
}

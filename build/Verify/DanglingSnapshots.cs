using System.Diagnostics.CodeAnalysis;
using VerifyTests;

namespace VerifyXunit;

/// <summary>Finds snapshots in the test project's folder that no test of this run asked for. Call it after all tests. The package
/// looks on build servers only, since elsewhere a run may be a part of the tests; the caller of this one knows that it is not.</summary>
[Experimental("VerifyDanglingSnapshots")]
public static class DanglingSnapshots
{
    public static void Run() =>
        UsedSnapshots.Check(Directory.EnumerateFiles(Project.Directory, "*.verified.*", SearchOption.AllDirectories), Project.Directory);
}

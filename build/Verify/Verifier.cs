using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using VerifyTests;
using Xunit.Sdk;

namespace VerifyXunit;

/// <summary>Says where the snapshots of a test are and what they are called.</summary>
public delegate PathInfo DerivePathInfo(string sourceFile, string projectDirectory, Type type, MethodInfo method);

/// <summary>Compares a value with the snapshot that is kept next to the test's source, or wherever the settings say.</summary>
public static class Verifier
{
    public static SettingsTask Verify(string? target, VerifySettings? settings = null, [CallerFilePath] string sourceFile = "") =>
        Start(settings, sourceFile, snapshot => snapshot.CompareObject(target));

    public static SettingsTask Verify(Task<string> target, VerifySettings? settings = null, [CallerFilePath] string sourceFile = "") =>
        Start(settings, sourceFile, async snapshot => await snapshot.CompareObject(await target));

    public static SettingsTask Verify(
        string? target, string extension, VerifySettings? settings = null, [CallerFilePath] string sourceFile = "") =>
        Start(settings, sourceFile, snapshot => snapshot.CompareText(target, extension));

    public static SettingsTask Verify(
        Task<string> target, string extension, VerifySettings? settings = null, [CallerFilePath] string sourceFile = "") =>
        Start(settings, sourceFile, async snapshot => await snapshot.CompareText(await target, extension));

    public static SettingsTask Verify(object? target, VerifySettings? settings = null, [CallerFilePath] string sourceFile = "") =>
        Start(settings, sourceFile, snapshot => snapshot.CompareObject(target));

    public static SettingsTask Verify<T>(Task<T> target, VerifySettings? settings = null, [CallerFilePath] string sourceFile = "") =>
        Start(settings, sourceFile, async snapshot => await snapshot.CompareObject(await target));

    public static SettingsTask Verify<T>(ValueTask<T> target, VerifySettings? settings = null, [CallerFilePath] string sourceFile = "") =>
        Start(settings, sourceFile, async snapshot => await snapshot.CompareObject(await target));

    public static SettingsTask Verify<T>(Func<Task<T>> target, VerifySettings? settings = null, [CallerFilePath] string sourceFile = "") =>
        Start(settings, sourceFile, async snapshot => await snapshot.CompareObject(await target()));

    public static SettingsTask VerifyJson(string? target, VerifySettings? settings = null, [CallerFilePath] string sourceFile = "") =>
        Start(settings, sourceFile, snapshot => snapshot.CompareJson(target));

    public static SettingsTask VerifyJson(Task<string> target, VerifySettings? settings = null, [CallerFilePath] string sourceFile = "") =>
        Start(settings, sourceFile, async snapshot => await snapshot.CompareJson(await target));

    static SettingsTask Start(VerifySettings? settings, string sourceFile, Func<Snapshot, Task<VerifyResult>> compare)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(sourceFile);
        return new(settings, async final =>
        {
            var method = UseVerifyAttribute.GetMethod();
            Project.Use(method.ReflectedType!.Assembly);
            RunState.Begin($"{method.ReflectedType.NameWithParent()}.{method.Name}");
            var pathInfo = derivePathInfo(sourceFile, Project.Directory, method.ReflectedType, method);
            var paths = SnapshotPaths.For(sourceFile, method, final, pathInfo);
            return await compare(new Snapshot(paths, final));
        });
    }

    static DerivePathInfo derivePathInfo = PathInfo.DeriveDefault;

    public static void DerivePathInfo(DerivePathInfo derivePathInfo)
    {
        RunState.ThrowIfBegun();
        Verifier.derivePathInfo = derivePathInfo;
    }

    public static void UseProjectRelativeDirectory(string directory) =>
        DerivePathInfo((_, projectDirectory, type, method) =>
            new(Path.Combine(projectDirectory, directory), type.NameWithParent(), method.Name));
}

/// <summary>Finds snapshots in the test project's folder that no test of this run asked for. Call it after all tests. The package
/// looks on build servers only, since elsewhere a run may be a part of the tests; the caller of this one knows that it is not.</summary>
[Experimental("VerifyDanglingSnapshots")]
public static class DanglingSnapshots
{
    public static void Run() =>
        UsedSnapshots.Check(Directory.EnumerateFiles(Project.Directory, "*.verified.*", SearchOption.AllDirectories), Project.Directory);
}

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

using System.Reflection;
using System.Runtime.CompilerServices;
using VerifyTests;

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

    public static void UseSourceFileRelativeDirectory(string directory) =>
        DerivePathInfo((sourceFile, _, type, method) =>
            new(Path.Combine(Path.GetDirectoryName(sourceFile)!, directory), type.NameWithParent(), method.Name));
}

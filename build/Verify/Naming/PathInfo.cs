using System.Reflection;

namespace VerifyTests;

/// <summary>Where a test's snapshots are and how their file names begin; what is null keeps its default.</summary>
public readonly struct PathInfo
{
    public PathInfo(string? directory = null, string? typeName = null, string? methodName = null)
    {
        if (directory is not null)
            FileNames.CheckDirectory(directory);
        if (typeName is not null)
            FileNames.CheckName(typeName);
        if (methodName is not null)
            FileNames.CheckName(methodName);
        (Directory, TypeName, MethodName) = (directory, typeName, methodName);
    }

    public string? Directory { get; }
    public string? TypeName { get; }
    public string? MethodName { get; }

    public static PathInfo DeriveDefault(string sourceFile, string projectDirectory, Type type, MethodInfo method) =>
        new(Path.GetDirectoryName(sourceFile), type.NameWithParent(), method.Name);
}

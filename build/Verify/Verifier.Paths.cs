using System.Reflection;
using VerifyTests;

namespace VerifyXunit;

/// <summary>Says where the snapshots of a test are and what they are called.</summary>
public delegate PathInfo DerivePathInfo(string sourceFile, string projectDirectory, Type type, MethodInfo method);

public static partial class Verifier
{
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

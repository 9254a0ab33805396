using System.Reflection;

namespace VerifyTests;

/// <summary>The test project that the snapshots belong to, from the facts that Verify.Xunit.targets puts into its assembly.</summary>
static class Project
{
    static readonly Lock Gate = new();
    static Assembly? assembly;

    public static string Directory { get; private set; } = "";

    public static void Use(Assembly testAssembly)
    {
        lock (Gate)
        {
            if (assembly is not null)
                return;
            Directory = Fact(testAssembly, "Verify.ProjectDirectory") ?? throw new InvalidOperationException(
                $"{testAssembly.GetName().Name} does not say where its project is: "
                + "import build/Verify/Verify.Xunit.targets into the test project.");
            DirectoryTokens.Use(Fact(testAssembly, "Verify.SolutionDirectory"), Directory);
            assembly = testAssembly;
        }
    }

    static string? Fact(Assembly testAssembly, string key) =>
        testAssembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(fact => fact.Key == key)?.Value;
}

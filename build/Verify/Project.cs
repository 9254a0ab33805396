using System.Reflection;
using System.Runtime.CompilerServices;

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

/// <summary>Whether the tests run on a build server, by the variables that the known ones set.</summary>
static class BuildServer
{
    static readonly string[] Present =
        ["GITHUB_ACTION", "GITLAB_CI", "JENKINS_URL", "TEAMCITY_VERSION", "TRAVIS_BUILD_ID", "APPVEYOR", "GO_SERVER_URL", "WSL_DISTRO_NAME"];

    // CI is not looked at by Verify itself; this repository's own continuous integration sets it.
    static readonly string[] True = ["TF_BUILD", "DOTNET_RUNNING_IN_CONTAINER", "CI"];

    public static bool Detected { get; } = Detect(Environment.GetEnvironmentVariable);

    internal static bool Detect(Func<string, string?> variable) =>
        Array.Exists(Present, name => variable(name) is not null)
        || Array.Exists(True, name => string.Equals(variable(name), "true", StringComparison.OrdinalIgnoreCase));
}

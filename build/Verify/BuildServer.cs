namespace VerifyTests;

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

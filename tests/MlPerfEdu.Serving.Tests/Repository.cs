namespace MlPerfEdu.Serving.Tests;

/// <summary>Files of the clone that the tests run in.</summary>
static class Repository
{
    public static string Root { get; } = FindRoot(AppContext.BaseDirectory);

    public static string PathOf(string relative) => Path.Combine(Root, relative);

    static string FindRoot(string from) =>
        File.Exists(Path.Combine(from, "MlPerfEdu.sln")) ? from : FindRoot(Path.GetDirectoryName(from)!);
}

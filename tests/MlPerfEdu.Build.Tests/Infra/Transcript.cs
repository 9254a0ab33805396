namespace MlPerfEdu.Build.Tests;

/// <summary>What a command printed and how it ended.</summary>
sealed record Transcript(string Command, int ExitCode, string Output, string Path)
{
    public IReadOnlyList<string> Lines { get; } = [.. Output.Split('\n').Select(line => line.TrimEnd('\r'))];

    public Transcript MustSucceed()
    {
        Assert.True(ExitCode == 0, $"'{Command}' ended with {ExitCode}. See {Path}:\n{Output}");
        return this;
    }

    public Transcript MustFail()
    {
        Assert.True(ExitCode != 0, $"'{Command}' passed although it must not. See {Path}:\n{Output}");
        return this;
    }

    /// <summary>The error lines, each once: a console summary repeats them.</summary>
    public IReadOnlyList<string> Errors() =>
        [.. Lines.Select(line => line.Trim()).Where(line => line.Contains(": error ", StringComparison.Ordinal)).Distinct()];
}

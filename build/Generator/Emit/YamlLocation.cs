namespace MlPerfEdu.Generator;

/// <summary>How generated code names workloads.yaml.</summary>
/// <param name="DirectivePath">For <c>#line</c>: relative to the generated file; null writes no directives.</param>
/// <param name="DisplayPath">For people: relative to the repository.</param>
public sealed record YamlLocation(string? DirectivePath, string DisplayPath)
{
    /// <summary>The location as seen from the generated file. Full paths in, relative ones out, always with '/'.</summary>
    public static YamlLocation Between(string yamlFile, string outputFile, string repositoryRoot, bool lineDirectives)
    {
        var directive = lineDirectives ? Relative(Path.GetDirectoryName(outputFile)!, yamlFile) : null;
        return new(directive is null || CanStandInDirective(directive) ? directive : null, Relative(repositoryRoot, yamlFile));
    }

    // From one drive to another there is no relative path; the bare name is still better than a path of this machine.
    static string Relative(string from, string to)
    {
        var relative = Path.GetRelativePath(from, to);
        return Path.IsPathRooted(relative) ? Path.GetFileName(to) : relative.Replace(Path.DirectorySeparatorChar, '/');
    }

    // The directive has no escapes, so a path that would end its quotes or its line is left out.
    static bool CanStandInDirective(string path) =>
        !path.Any(unit => unit is '"' or '\u2028' or '\u2029' || char.IsControl(unit));
}

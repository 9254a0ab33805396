using MlPerfEdu.Catalog;

namespace MlPerfEdu.Generator;

/// <summary>The text to write, or the reasons why there is none.</summary>
public sealed record GenerationResult(string? Text, IReadOnlyList<Diagnostic> Diagnostics);

/// <summary>From workloads.yaml to test classes: read and check, compare with the implementations, emit.</summary>
public static class Generation
{
    /// <param name="workloadsYaml">The full path of the file.</param>
    /// <param name="datasetsYaml">Without it, references to data sets are not checked.</param>
    /// <param name="implementations">The compiled MlPerfEdu.Workloads; without it, nothing checks that every entry is implemented.</param>
    /// <param name="yaml">How the generated code names workloads.yaml.</param>
    public static GenerationResult Run(string workloadsYaml, string? datasetsYaml, string? implementations, YamlLocation yaml)
    {
        var read = WorkloadCatalogReader.Read(workloadsYaml, datasetsYaml);
        if (read.Catalog is not { } catalog)
            return new(null, read.Diagnostics);
        if (implementations is not null && ImplementationCheck.Check(catalog, implementations) is { Count: > 0 } mismatches)
            return new(null, mismatches);
        return new(TestClassEmitter.Emit(catalog, yaml), []);
    }
}

/// <summary>How generated code names a YAML file.</summary>
/// <param name="DirectivePath">For <c>#line</c>: relative to the generated file; null writes no directives.</param>
/// <param name="DisplayPath">For people: relative to the repository.</param>
public sealed record YamlLocation(string? DirectivePath, string DisplayPath)
{
    /// <summary>The location as seen from the generated file. Full paths in, relative ones out, always with '/'.</summary>
    public static YamlLocation Between(string yamlFile, string outputFile, string repositoryRoot, bool lineDirectives)
    {
        var directive = Relative(Path.GetDirectoryName(outputFile)!, yamlFile);
        // The directive has no escapes, so a path that would end its quotes or its line is left out.
        var canStand = !directive.Any(unit => unit is '"' or '\u2028' or '\u2029' || char.IsControl(unit));
        return new(lineDirectives && canStand ? directive : null, Relative(repositoryRoot, yamlFile));
    }

    // From one drive to another there is no relative path; the bare name is still better than a path of this machine.
    static string Relative(string from, string to)
    {
        var relative = Path.GetRelativePath(from, to);
        return Path.IsPathRooted(relative) ? Path.GetFileName(to) : relative.Replace(Path.DirectorySeparatorChar, '/');
    }
}

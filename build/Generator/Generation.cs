namespace MlPerfEdu.Generator;

/// <summary>What one generation reads and where its output will stand. All paths are full paths.</summary>
public sealed record GenerationRequest
{
    public required string WorkloadsYaml { get; init; }

    /// <summary>Without it, references to data sets are not checked.</summary>
    public string? DatasetsYaml { get; init; }

    /// <summary>The compiled MlPerfEdu.Workloads; without it, nobody checks that every entry is implemented.</summary>
    public string? Implementations { get; init; }
    public required string OutputFile { get; init; }

    /// <summary>Paths in messages of the generated tests are relative to this folder.</summary>
    public required string RepositoryRoot { get; init; }

    /// <summary>Whether failures and debuggers are sent to the YAML.</summary>
    public bool LineDirectives { get; init; } = true;
}

/// <summary>The text to write, or the reasons why there is none.</summary>
public sealed record GenerationResult(string? Text, IReadOnlyList<Diagnostic> Diagnostics);

/// <summary>Parse, check, emit.</summary>
public static class Generation
{
    public static GenerationResult Run(GenerationRequest request)
    {
        var read = WorkloadCatalogReader.Read(request.WorkloadsYaml, request.DatasetsYaml);
        if (read.Catalog is not { } catalog)
            return new(null, read.Diagnostics);
        if (request.Implementations is { } assembly && ImplementationCheck.Check(catalog, assembly) is { Count: > 0 } mismatches)
            return new(null, mismatches);
        var yaml = YamlLocation.Between(request.WorkloadsYaml, request.OutputFile, request.RepositoryRoot, request.LineDirectives);
        return new(TestClassEmitter.Emit(catalog, yaml), []);
    }
}

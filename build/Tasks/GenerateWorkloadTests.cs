using Microsoft.Build.Framework;
using MlPerfEdu.Generator;

namespace MlPerfEdu.Tasks;

/// <summary>Turns workloads.yaml into test classes. All work is in the generator library; this class only talks to MSBuild.</summary>
public sealed class GenerateWorkloadTests : Microsoft.Build.Utilities.Task
{
    /// <summary>The file that lists the workloads.</summary>
    [Required]
    public ITaskItem WorkloadsYaml { get; set; } = null!;

    /// <summary>The file that declares the data sets; without it, references to them are not checked.</summary>
    public ITaskItem? DatasetsYaml { get; set; }

    /// <summary>The compiled implementations; without it, nobody checks that every entry has one.</summary>
    public ITaskItem? Implementations { get; set; }

    /// <summary>The C# file to write.</summary>
    [Required]
    public ITaskItem OutputFile { get; set; } = null!;

    /// <summary>The folder that paths in test messages are relative to.</summary>
    [Required]
    public ITaskItem RepositoryRoot { get; set; } = null!;

    /// <summary>The Markdown file with one heading per error code.</summary>
    [Required]
    public ITaskItem Documentation { get; set; } = null!;

    /// <summary>Whether failures and debuggers are sent to the YAML; false to step through the generated code itself.</summary>
    public bool LineDirectives { get; set; } = true;

    public override bool Execute()
    {
#pragma warning disable CA1031 // A failure nobody foresaw is our bug, and must be told as one instead of as MSBuild's MSB4018.
        try
        {
            Generate();
        }
        catch (Exception e)
        {
            Log.LogErrorFromException(e, showStackTrace: true);
            Report(new("MLP0080", PathOf(WorkloadsYaml)!, 0, 0,
                "Found an exception in the generator: this is our bug. Expected a coded error. Please report it with the text above."));
        }
#pragma warning restore CA1031
        return !Log.HasLoggedErrors;
    }

    void Generate()
    {
        var result = Generation.Run(new()
        {
            WorkloadsYaml = PathOf(WorkloadsYaml)!,
            DatasetsYaml = PathOf(DatasetsYaml),
            Implementations = PathOf(Implementations),
            OutputFile = PathOf(OutputFile)!,
            RepositoryRoot = PathOf(RepositoryRoot)!,
            LineDirectives = LineDirectives,
        });
        foreach (var diagnostic in result.Diagnostics)
            Report(diagnostic);
        if (result.Text is not null && GeneratedFile.Write(PathOf(OutputFile)!, result.Text) is { } failure)
            Report(failure);
    }

    void Report(Diagnostic found)
    {
        // The plain console shows no link, so the message names the place too.
        var anchor = "#" + found.Code.ToLowerInvariant();
        var message = $"{found.Message} (build/README.md{anchor})";
        var link = new Uri(PathOf(Documentation)!).AbsoluteUri + anchor;
        Log.LogError(null, found.Code, null, link, found.File, found.Line, found.Column, 0, 0, message);
    }

    static string? PathOf(ITaskItem? item) => item?.GetMetadata("FullPath");
}

using Microsoft.Build.Framework;
using MlPerfEdu.Generator;

namespace MlPerfEdu.Tasks;

/// <summary>Turns YAML files into one C# file, or into coded errors. What a task derived from it adds is which files those are.</summary>
public abstract class GeneratorTask : Microsoft.Build.Utilities.Task
{
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

    /// <summary>The file that an unforeseen failure is reported at.</summary>
    protected abstract ITaskItem Source { get; }

    public override bool Execute()
    {
#pragma warning disable CA1031 // A failure nobody foresaw is our bug, and must be told as one instead of as MSBuild's MSB4018.
        try
        {
            Write(Generate());
        }
        catch (Exception e)
        {
            Log.LogErrorFromException(e, showStackTrace: true);
            Report(new("MLP0080", PathOf(Source)!, 0, 0,
                "Found an exception in the generator: this is our bug. Expected a coded error. Please report it with the text above."));
        }
#pragma warning restore CA1031
        return !Log.HasLoggedErrors;
    }

    protected abstract GenerationResult Generate();

    protected static string? PathOf(ITaskItem? item) => item?.GetMetadata("FullPath");

    void Write(GenerationResult result)
    {
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
}

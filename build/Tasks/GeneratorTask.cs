using System.Text;
using Microsoft.Build.Framework;
using MlPerfEdu.Catalog;
using MlPerfEdu.Generator;

namespace MlPerfEdu.Tasks;

/// <summary>Turns YAML files into one C# file, or into coded errors. A derived task adds which files those are.</summary>
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

    protected abstract GenerationResult Generate();

    public override bool Execute()
    {
#pragma warning disable CA1031 // An unforeseen failure is our bug, and must be reported as one instead of as MSBuild's MSB4018.
        try
        {
            var result = Generate();
            foreach (var diagnostic in result.Diagnostics)
                Report(diagnostic);
            if (result.Text is not null)
                Write(PathOf(OutputFile)!, result.Text);
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

    protected static string? PathOf(ITaskItem? item) => item?.GetMetadata("FullPath");

    protected YamlLocation LocationOf(ITaskItem yaml) =>
        YamlLocation.Between(PathOf(yaml)!, PathOf(OutputFile)!, PathOf(RepositoryRoot)!, LineDirectives);

    // Into another file and renamed, so that a killed build leaves the old text or the new one. Written even when nothing changed:
    // a file that stays older than its inputs would be made again in every build.
    void Write(string path, string text)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path + ".new", text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
            File.Move(path + ".new", path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Report(new("MLP0081", path, 0, 0,
                $"Found no way to write this file: {e.Message} Expected a writable folder. Correct its permissions or free some space."));
        }
    }

    void Report(Diagnostic found)
    {
        // The plain console shows no link, so the message names the place too.
        var anchor = "#" + found.Code.ToLowerInvariant();
        var link = new Uri(PathOf(Documentation)!).AbsoluteUri + anchor;
        Log.LogError(null, found.Code, null, link, found.File, found.Line, found.Column, 0, 0, $"{found.Message} (build/README.md{anchor})");
    }
}

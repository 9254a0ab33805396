using Microsoft.Build.Framework;

namespace MlPerfEdu.Tasks;

/// <summary>
/// Copies a Linux library with one of its version needs made optional, so that it loads with an older libstdc++ (build/Torch/README.md).
/// The library itself is only read.
/// </summary>
public sealed class WeakenVersionNeed : Microsoft.Build.Utilities.Task
{
    /// <summary>The library as its package brought it.</summary>
    [Required]
    public ITaskItem Library { get; set; } = null!;

    /// <summary>The copy to write.</summary>
    [Required]
    public ITaskItem Copy { get; set; } = null!;

    /// <summary>The version that an older library lacks, such as GLIBCXX_3.4.32.</summary>
    [Required]
    public string Version { get; set; } = null!;

    /// <summary>The only symbol that may carry the version.</summary>
    [Required]
    public string Marker { get; set; } = null!;

    public override bool Execute()
    {
        var (library, copy) = (Library.GetMetadata("FullPath"), Copy.GetMetadata("FullPath"));
        try
        {
            var image = new ElfImage(File.ReadAllBytes(library));
            // Without the need, or with an optional one, the copy equals the library. It is written all the same, so that the next build skips it.
            image.Weaken(Version, Marker);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            // A program that has the old copy loaded keeps it: the new one is another file under the same name.
            var replacement = $"{copy}.{Guid.NewGuid():N}";
            File.WriteAllBytes(replacement, image.Bytes);
            File.Move(replacement, copy, overwrite: true);
        }
        catch (ElfException mistake)
        {
            Fail("MLP0903", $"Found that '{library}' {mistake.Message}; expected a library for Linux on x64 in which " +
                $"only {Marker} asks for {Version}. Restore the package again (dotnet restore --force), or pass -p:TorchSharpPath=DIR with a TorchSharp built here.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Fail("MLP0904", $"Found no way to copy '{library}' to '{copy}': {error.Message} Expected a readable package and a " +
                "writable artifacts folder. Correct their permissions, or free some space.");
        }
        return !Log.HasLoggedErrors;
    }

    void Fail(string code, string message) =>
        Log.LogError(null, code, null, Library.ItemSpec, 0, 0, 0, 0, "{0} (build/README.md#{1})", message, code.ToLowerInvariant());
}

using MlPerfEdu.Generator.Tests;

namespace MlPerfEdu.Build.Tests;

/// <summary>
/// A temporary clone with what every project imports; each test adds the rest. The transcripts of all commands stay in the
/// temporary folder.
/// </summary>
sealed class TemporaryClone : IDisposable
{
    int commands;

    public TemporaryClone()
    {
        Folder = Directory.CreateTempSubdirectory("mlperfedu-build-").FullName;
        Directory.CreateDirectory(PathOf("transcripts"));
        foreach (var file in new[] { "global.json", "Directory.Build.props", "Directory.Packages.props" })
            CopyFile(file);
    }

    public string Folder { get; }

    /// <summary>What the commands find in their environment besides this process's own.</summary>
    public Dictionary<string, string> Environment { get; } = [];

    /// <summary>Adds the real generator, task and targets and three small consumers.</summary>
    public void AddConsumers()
    {
        CopyFile("build/README.md");
        foreach (var targets in Directory.EnumerateFiles(Repository.PathOf("build"), "*.targets"))
            CopyFile(Path.GetRelativePath(Repository.Root, targets));
        foreach (var library in new[] { "build/Catalog", "build/Contract", "build/Generator", "build/Tasks", "workloads/Data", "workloads/Zoo" })
            CopySources(library);
        foreach (var (path, content) in CloneFiles.All)
            Write(path, content);
    }

    public string PathOf(string relative) => Path.Combine(Folder, relative);
    public string Read(string relative) => File.ReadAllText(PathOf(relative));

    public void Write(string relative, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(relative))!);
        File.WriteAllText(PathOf(relative), text);
    }

    public void Replace(string relative, string passage, string replacement) =>
        Write(relative, Read(relative).Replace(passage, replacement));

    /// <summary>Runs the SDK in the clone. No node survives: a later test would talk to it.</summary>
    public Transcript Run(params string[] arguments)
    {
        var transcript = PathOf($"transcripts/{++commands:00}-{arguments[0]}.txt");
        return Dotnet.Run(Folder, transcript, Environment, arguments[0] == "clean" ? arguments : [.. arguments, "-nodeReuse:false"]);
    }

    /// <summary>When each built assembly was last written.</summary>
    public Dictionary<string, DateTime> Assemblies() => Directory
        .EnumerateFiles(PathOf("artifacts"), "*.dll", SearchOption.AllDirectories)
        .ToDictionary(path => Path.GetRelativePath(Folder, path).Replace('\\', '/'), File.GetLastWriteTimeUtc);

    public void Dispose()
    {
        foreach (var path in Directory.GetFileSystemEntries(Folder).Where(path => Path.GetFileName(path) != "transcripts"))
        {
            if (File.Exists(path))
                File.Delete(path);
            else
                Directory.Delete(path, recursive: true);
        }
    }

    public void CopyFile(string relative)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(relative))!);
        File.Copy(Repository.PathOf(relative), PathOf(relative));
    }

    public void CopySources(string folder, string pattern = "*.cs*")
    {
        foreach (var path in Directory.EnumerateFiles(Repository.PathOf(folder), pattern, SearchOption.AllDirectories))
            CopyFile(Path.GetRelativePath(Repository.Root, path));
    }
}

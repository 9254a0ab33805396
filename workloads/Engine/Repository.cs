namespace MlPerfEdu.Engine;

/// <summary>The folders and files of a clone.</summary>
public sealed class Repository(string root)
{
    const string Mark = "MlPerfEdu.sln";

    public string Root { get; } = Path.GetFullPath(root);

    public string WorkloadsYaml => Path.Combine(Root, "workloads", "workloads.yaml");

    public string LabsYaml => Path.Combine(Root, "workloads", "Labs", "labs.yaml");

    /// <summary>The rubric of the labs; a course may have its own.</summary>
    public string RubricYaml => Path.Combine(Root, "workloads", "Labs", "grading.yaml");

    /// <summary>What runs the twins of `compare pytorch`.</summary>
    public string TwinHost => Path.Combine(Root, "workloads", "Engine", "Compare", "host.py");

    public string Readme => Path.Combine(Root, "README.md");

    /// <summary>The full tables; the README has a short one.</summary>
    public string Results => Path.Combine(Root, "RESULTS.md");

    /// <summary>The committed plot of the baselines of one machine.</summary>
    public string RooflinePlot => Path.Combine(BaselinesFolder, "roofline.svg");

    public string SnapshotsFolder => Path.Combine(Root, "snapshots");

    /// <summary>Everything that is made and may be deleted.</summary>
    public string ArtifactsFolder => Path.Combine(Root, "artifacts");

    /// <summary>Where runs put their sidecars.</summary>
    public string NewEvidenceFolder => Path.Combine(ArtifactsFolder, "evidence");

    /// <summary>Where runs keep their logs, until the next run of the same seed.</summary>
    public string LogFolder => Path.Combine(ArtifactsFolder, "logs");

    /// <summary>The committed sidecars of all machine classes.</summary>
    public string BaselinesFolder => Path.Combine(Root, "roofline", "evidence");

    /// <summary>The committed sidecars of one machine class.</summary>
    public string EvidenceFolder(string machineClass) => Path.Combine(BaselinesFolder, machineClass);

    /// <summary>The same step in plain PyTorch, in the workload's folder.</summary>
    public string TwinOf(string id) => Path.Combine(Root, "workloads", Implementations.FolderOf(id) ?? id, "twin.py");

    /// <summary>The page of a workload or experiment, from the root.</summary>
    public static string ReadmeOf(string id) => $"workloads/{(Implementations.FolderOf(id) ?? id).Replace(Path.DirectorySeparatorChar, '/')}/README.md";

    /// <summary>A path as the repository writes it: from its root, with forward slashes.</summary>
    public string Relative(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    /// <summary>The clone around the current directory, or else the one that this program was built in.</summary>
    /// <exception cref="EnvironmentProblem">There is none.</exception>
    public static Repository Find() => Find(Directory.GetCurrentDirectory(), AppContext.BaseDirectory);

    /// <summary>The clone that contains the first of these folders that is inside one.</summary>
    public static Repository Find(params string[] starts)
    {
        foreach (var start in starts)
        {
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            {
                if (File.Exists(Path.Combine(folder.FullName, Mark)))
                    return new(folder.FullName);
            }
        }

        throw new EnvironmentProblem("MLP2010",
            $"found no {Mark} in {string.Join(" or ", starts.Select(start => $"'{start}'"))} or above → expected to be inside a clone of MlPerfEdu " +
            "→ change into the clone and run the command there.");
    }
}

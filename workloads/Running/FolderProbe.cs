namespace MlPerfEdu.Workloads.Running;

/// <summary>Whether files can be written to a folder, found out by writing one.</summary>
static class FolderProbe
{
    /// <summary>Makes the folder and, for a moment, a file in it.</summary>
    /// <exception cref="IOException">They cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">They may not be made.</exception>
    public static void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        var probe = Path.Combine(folder, $".probe.{Path.GetRandomFileName()}");
        try
        {
            File.WriteAllBytes(probe, [0]);
        }
        finally
        {
            File.Delete(probe);
        }
    }

    /// <exception cref="IOException">The system does not say.</exception>
    public static long FreeBytes(string folder) => new DriveInfo(folder).AvailableFreeSpace;
}

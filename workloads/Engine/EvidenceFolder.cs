using MlPerfEdu.Roofline.Report;

namespace MlPerfEdu.Engine;

/// <summary>A place for evidence, looked for before the work whose only result it is.</summary>
static class EvidenceRoom
{
    // The largest sidecar has 0.3 MB, its pictures as much again.
    const long Enough = 4 << 20;

    /// <param name="freeBytes">Of the disk that a folder is on.</param>
    /// <exception cref="RunException">There is none.</exception>
    public static void Check(string folder, Func<string, long>? freeBytes = null)
    {
        try
        {
            FolderProbe.Write(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw RunErrors.NoRoom(folder, error.Message, Units.Si(Enough, "B"));
        }

        if (Free(folder, freeBytes ?? FolderProbe.FreeBytes) is { } free && free < Enough)
            throw RunErrors.NoRoom(folder, $"{Units.Si(free, "B")} free", Units.Si(Enough, "B"));
    }

    // A system that does not say may have enough.
    static long? Free(string folder, Func<string, long> freeBytes)
    {
        try
        {
            return freeBytes(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}

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

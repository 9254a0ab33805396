namespace MlPerfEdu.Data.Tests;

/// <summary>Files that a test made, presented as a data set that was found.</summary>
static class Resolutions
{
    public static DataResolution Of(string id, params (string Name, string Path)[] files) => new(
        DataCatalog.BuiltIn[id], DataOrigin.DataFolder,
        [.. files.Select(f => new ResolvedFile(f.Name, f.Path, new FileInfo(f.Path).Length, FileCheck.Digest(f.Path), Pinned: false))], "");
}

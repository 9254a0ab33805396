using System.Text;

namespace MlPerfEdu.Snapshots.Tests;

/// <summary>A folder of its own for the snapshots of one test.</summary>
sealed class SnapshotFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("mlperfedu-verify-").FullName;

    public string[] Files => [.. Directory.GetFiles(Path).Select(file => System.IO.Path.GetFileName(file)!).Order(StringComparer.Ordinal)];

    public void Write(string name, string text) => File.WriteAllText(Full(name), text, new UTF8Encoding(false));

    public string Read(string name) => File.ReadAllText(Full(name));

    public byte[] Bytes(string name) => File.ReadAllBytes(Full(name));

    public void Dispose() => Directory.Delete(Path, recursive: true);

    /// <summary>The text that the comparison would put into the snapshot.</summary>
    public async Task<string> Accepted(SettingsTask comparison)
    {
        var result = await comparison.UseDirectory(Path).UseFileName(Guid.NewGuid().ToString("N")).AutoVerify();
        return await File.ReadAllTextAsync(result.Files.Single());
    }

    string Full(string name) => System.IO.Path.Combine(Path, name);
}

static class Failing
{
    /// <summary>The message of a comparison that must fail.</summary>
    public static async Task<string> Message(SettingsTask comparison) =>
        (await Assert.ThrowsAnyAsync<Exception>(comparison.ToTask)).Message;
}

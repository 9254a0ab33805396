using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace VerifyTests;

/// <summary>One comparison: received text against verified file. A difference leaves a received file, and only AutoVerify accepts it.</summary>
sealed class Snapshot(SnapshotPaths paths, VerifySettings settings)
{
    readonly Counter counter = new(settings.Serialization);

    public Task<VerifyResult> CompareObject(object? target) => Compare(RootText(target), "txt", target);

    public Task<VerifyResult> CompareJson(string? json)
    {
        var tree = json is null ? "null" : JsonTree.Parse(json);
        return Compare(ObjectText.Of(tree, settings, counter).ToString(), "txt", tree);
    }

    public Task<VerifyResult> CompareText(string? target, string extension)
    {
        FileNames.CheckTextExtension(extension);
        return Compare(Scrubbed(target ?? "null"), extension, null);
    }

    string RootText(object? target) => target switch
    {
        string text => Scrubbed(text.TrimStart('\uFEFF') is { Length: > 0 } visible ? visible : "emptyString"),
        StringBuilder or StringWriter or bool or short or ushort or int or uint or long or ulong or decimal or Half or float or double or Guid
            => RootText(Convert.ToString(target, CultureInfo.InvariantCulture) ?? ""),
        DateTime or DateTimeOffset or DateOnly or TimeOnly or byte[] => throw UnsupportedValue.Of(target.GetType(), "by itself"),
        _ => ObjectText.Of(target ?? "null", settings, counter).ToString(),
    };

    string Scrubbed(string text)
    {
        var builder = new StringBuilder(text);
        ScrubberList.ApplyAll(builder, settings, counter);
        return builder.ToString();
    }

    async Task<VerifyResult> Compare(string received, string extension, object? target)
    {
        // What an earlier run left must not pass for a difference of this one.
        foreach (var file in paths.AllReceived())
            File.Delete(file);
        var found = await Find(received, extension);
        UsedSnapshots.Add(found.VerifiedPath);
        if (found.None)
            return new(found.VerifiedPath, target);
        if (found.Outcome != Outcome.Equal)
            await SnapshotText.Write(found.ReceivedPath, received);
        var accepted = Accept(found);
        if (!accepted || settings.ThrowAfterAccepting || VerifierSettings.ThrowAfterAccepting)
            throw new VerifyException(found.Message());
        return new(found.VerifiedPath, target);
    }

    async Task<Differences> Find(string received, string extension)
    {
        var verifiedPath = paths.Verified(extension);
        var superfluous = paths.AllVerified().Where(file => file != verifiedPath).ToList();
        // An empty verified file is one that nobody has accepted yet; editors and diff tools make them.
        if (new FileInfo(verifiedPath) is { Exists: true, Length: 0 } empty)
            empty.Delete();
        if (!File.Exists(verifiedPath))
            return new(paths, extension, Outcome.New, received, null, superfluous);
        var verified = await SnapshotText.Read(verifiedPath);
        var outcome = SnapshotText.Matches(received, verified) ? Outcome.Equal : Outcome.NotEqual;
        return new(paths, extension, outcome, received, verified, superfluous);
    }

    /// <summary>Whether everything that differs was accepted.</summary>
    bool Accept(Differences found)
    {
        var all = true;
        foreach (var file in found.Superfluous)
        {
            if (IsAccepted(file))
                File.Delete(file);
            else
                all = false;
        }
        if (found.Outcome == Outcome.Equal)
            return all;
        if (!IsAccepted(found.VerifiedPath))
            return false;
        File.Move(found.ReceivedPath, found.VerifiedPath, overwrite: true);
        return all;
    }

    bool IsAccepted(string verifiedFile) => VerifierSettings.Accepts || settings.Accepts?.Invoke(verifiedFile) == true;
}

enum Outcome
{
    New,
    NotEqual,
    Equal,
}

/// <summary>What a comparison found, and the message that tells it: first the files by kind, then the texts, in the form that
/// tools for Verify read.</summary>
sealed record Differences(SnapshotPaths Paths, string Extension, Outcome Outcome, string Received, string? Verified, IReadOnlyList<string> Superfluous)
{
    public string ReceivedPath => Paths.Received(Extension);
    public string VerifiedPath => Paths.Verified(Extension);
    public bool None => Outcome == Outcome.Equal && Superfluous.Count == 0;

    public string Message()
    {
        var message = new StringBuilder($"Directory: {Paths.Directory}\n");
        if (Outcome != Outcome.Equal)
            AppendFiles(message);
        if (Superfluous.Count > 0)
            message.Append("Delete:\n");
        foreach (var file in Superfluous)
            message.Append($"  - {Path.GetFileName(file)}\n");
        if (Outcome == Outcome.Equal)
            AppendFiles(message);
        else
            AppendContent(message);
        return message.ToString();
    }

    void AppendFiles(StringBuilder message) =>
        message.Append($"{Outcome}:\n  - Received: {Path.GetFileName(ReceivedPath)}\n    Verified: {Path.GetFileName(VerifiedPath)}\n");

    void AppendContent(StringBuilder message)
    {
        message.Append($"\nFileContent:\n\n{Outcome}:\n\nReceived: {Path.GetFileName(ReceivedPath)}\n{Received}\n");
        if (Outcome == Outcome.NotEqual)
            message.Append($"Verified: {Path.GetFileName(VerifiedPath)}\n{Verified}\n");
        message.Append('\n');
    }
}

/// <summary>Snapshots as files: UTF-8 with a byte order mark, lines ended by \n, read back however an editor left them.</summary>
static class SnapshotText
{
    static readonly UTF8Encoding Encoding = new(encoderShouldEmitUTF8Identifier: true, throwOnInvalidBytes: true);

    public static async Task<string> Read(string path)
    {
        var text = new StringBuilder(await File.ReadAllTextAsync(path));
        Lines.Normalize(text);
        return text.ToString();
    }

    public static async Task Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, text, Encoding);
    }

    /// <summary>Editors like to end a file with a line end: one more at the end of the verified text is no difference.</summary>
    public static bool Matches(string received, string verified) => verified == received || verified == received + "\n";
}

/// <summary>The verified files that this run compared with; others on disk are left over from tests that are gone.</summary>
static class UsedSnapshots
{
    static readonly ConcurrentDictionary<string, bool> Used = new(StringComparer.Ordinal);

    public static void Add(string verifiedFile) => Used.TryAdd(Path.GetFullPath(verifiedFile), true);

    public static void Check(IEnumerable<string> onDisk, string directory) => Check(onDisk, Used.Keys, directory);

    internal static void Check(IEnumerable<string> onDisk, IEnumerable<string> used, string directory)
    {
        var exact = used.ToHashSet(StringComparer.Ordinal);
        var anyCase = exact.ToHashSet(StringComparer.OrdinalIgnoreCase);
        var unused = onDisk.Select(Path.GetFullPath).Where(file => !exact.Contains(file)).Order(StringComparer.Ordinal).ToList();
        if (unused.Count == 0)
            return;
        var lines = unused.Select(file =>
            $" * {Path.GetRelativePath(directory, file)}{(anyCase.Contains(file) ? " (a test uses it, but spells it differently)" : "")}");
        throw new InvalidOperationException($"Of the snapshots on disk, no test of this run used {unused.Count}:\n{string.Join('\n', lines)}");
    }
}

/// <summary>What a comparison that succeeded was about.</summary>
public class VerifyResult
{
    internal VerifyResult(string file, object? target) => (Files, Target) = ([file], target);

    public object? Target { get; }

    public IEnumerable<string> Files { get; }

    public string Text => File.ReadAllText(Files.Single());
}

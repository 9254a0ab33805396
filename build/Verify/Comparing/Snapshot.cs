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
            return new([found.VerifiedPath], target);
        if (found.Outcome != Outcome.Equal)
            await SnapshotText.Write(found.ReceivedPath, received);
        var accepted = Accept(found);
        if (!accepted || settings.ThrowAfterAccepting || VerifierSettings.ThrowAfterAccepting)
            throw new VerifyException(found.Message());
        return new([found.VerifiedPath], target);
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

    bool IsAccepted(string verifiedFile)
    {
        if (VerifierSettings.Accepts is { } global)
            return global(paths.TypeName, paths.MethodName, verifiedFile);
        return settings.Accepts?.Invoke(verifiedFile) ?? false;
    }
}

namespace MlPerfEdu.Data;

/// <summary>What the archives of Speech Commands have in common: WAV clips of up to a second, named after who speaks.</summary>
static class SpeechClip
{
    const string SpeakerMark = "_nohash_";

    /// <summary>Folder and file of an entry that is a clip.</summary>
    public static bool IsClip(ArchiveEntry entry, out string folder, out string file)
    {
        (folder, file) = entry.Parts is [.., var f, var name] ? (f, name) : ("", "");
        return file.EndsWith(".wav", StringComparison.Ordinal);
    }

    /// <summary>The part before "_nohash_" names who speaks; a silence clip has none.</summary>
    public static string? Speaker(string file)
    {
        var end = file.IndexOf(SpeakerMark, StringComparison.Ordinal);
        return end > 0 ? file[..end] : null;
    }
}

namespace MlPerfEdu.Data;

/// <summary>The official test archive of Speech Commands v0.02, read straight from the .tar.gz.</summary>
public static class SpeechCommands
{
    const string ArchiveName = "speech_commands_test_set_v0.02.tar.gz";

    /// <summary>Of the speakers, the share whose clips are only scored.</summary>
    public const int TestPercent = 20;

    /// <summary>The test archive, or all recordings when they are what was found.</summary>
    public static KeywordDataSet Load(DataResolution data)
    {
        if (data.Entry.Files.Any(f => f.Name == SpeechCommandsFull.ArchiveName)) return SpeechCommandsFull.Load(data);
        var clips = ReadClips(data);
        var (train, test) = SpeakerSplit.Split(clips, TestPercent);
        return new(train, test, Keywords.Classes, data.Provenance(DataTier.Part,
            $"Speech Commands v0.02, test archive only: {clips.Count} clips, split by speaker into {train.Count} to train on and {test.Count} to score."));
    }

    /// <summary>Every clip of the archive, in the order of the names.</summary>
    public static IReadOnlyList<KeywordClip> ReadClips(DataResolution data)
    {
        var clips = new List<KeywordClip>();
        var manifest = new ClipManifest();
        foreach (var entry in TarGz.Read(data[ArchiveName], new(Entries: 20_000, EntryBytes: 1 << 20, TotalBytes: 1L << 30)))
        {
            data.Stop.ThrowIfCancellationRequested();
            if (!SpeechClip.IsClip(entry, out var folder, out var file)) continue;
            var path = $"{folder}/{file}";
            var wav = entry.ReadAll();
            manifest.Add(path, wav);
            clips.Add(Clip(path, folder, file, wav));
        }
        if (clips.Count == 0) throw ArchiveErrors.Missing(ArchiveName, "<class>/<clip>.wav");
        if (data.Entry.ContentsSha256 is { } expected && data.Files.Any(f => f.Pinned)) manifest.Verify(ArchiveName, expected, data.Optional("MANIFEST.sha256"));
        clips.Sort((a, b) => string.CompareOrdinal(a.Path, b.Path));
        return clips;
    }

    static KeywordClip Clip(string path, string folder, string file, byte[] wav)
    {
        var label = Keywords.Label(folder);
        if (label < 0) throw FormatErrors.WrongShape(path, $"the folder '{folder}'", $"one of: {string.Join(", ", Keywords.Classes)}");
        var samples = WavFile.Read(wav, path);
        if (samples.Length != Keywords.SamplesPerClip) throw FormatErrors.WrongShape(path, $"{samples.Length} samples", $"{Keywords.SamplesPerClip}, one second");
        return new(path, samples, label, SpeechClip.Speaker(file));
    }
}

namespace MlPerfEdu.Data;

/// <summary>The official test archive of Speech Commands v0.02, read straight from the .tar.gz.</summary>
public static class SpeechCommands
{
    const string ArchiveName = "speech_commands_test_set_v0.02.tar.gz";

    /// <summary>Of the speakers, the share whose clips are only scored.</summary>
    public const int TestPercent = 20;

    [Reads("speech-commands-v2-test")]
    public static KeywordDataSet Load(DataResolution data)
    {
        var clips = ReadClips(data);
        var (train, test) = SpeakerSplit.Split(clips, TestPercent);
        return new(train, test, Keywords.Classes, data.Provenance(DataTier.Part, "Speech Commands v0.02, test archive only: " +
            $"{clips.Count} clips, split by speaker into {train.Count} to train on and {test.Count} to score."));
    }

    /// <summary>Every clip of the archive, in the order of the names.</summary>
    public static IReadOnlyList<KeywordClip> ReadClips(DataResolution data)
    {
        var clips = new List<KeywordClip>();
        var digests = new List<(string Path, string Digest)>();
        foreach (var entry in Archive.Read(data[ArchiveName], new(Entries: 20_000, EntryBytes: 1 << 20, TotalBytes: 1L << 30)))
        {
            data.Stop.ThrowIfCancellationRequested();
            if (SpeechClip.Of(entry) is not { } clip) continue;
            var wav = entry.ReadAll();
            digests.Add((clip.Path, FileCheck.Digest(wav)));
            var label = Keywords.Label(clip.Folder);
            if (label < 0)
                throw FormatErrors.WrongShape(clip.Path, $"the folder '{clip.Folder}'", $"one of: {string.Join(", ", Keywords.Classes)}");
            var samples = WavFile.Read(wav, clip.Path);
            if (samples.Length != Keywords.SamplesPerClip)
                throw FormatErrors.WrongShape(clip.Path, $"{samples.Length} samples", $"{Keywords.SamplesPerClip}, one second");
            clips.Add(new(clip.Path, samples, label, clip.Speaker));
        }
        if (clips.Count == 0) throw ArchiveErrors.Missing(ArchiveName, "<class>/<clip>.wav");
        if (data.Entry.ContentsSha256 is { } expected && data.Files.Any(f => f.Pinned))
            CheckDigests(digests, expected, data.Optional("MANIFEST.sha256"));
        clips.Sort((a, b) => string.CompareOrdinal(a.Path, b.Path));
        return clips;
    }

    // The digest of every clip, written as `sha256sum` does and sorted: one digest for all clips, however they are packed.
    // The published list, where there is one, shows which clip is wrong.
    static void CheckDigests(List<(string Path, string Digest)> digests, string expected, string? listPath)
    {
        digests.Sort((a, b) => string.CompareOrdinal(a.Path, b.Path));
        var lines = digests.ConvertAll(clip => $"{clip.Digest}  {clip.Path}");
        var found = FileCheck.Digest(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n"))));
        if (found == expected) return;
        var wrong = listPath is null ? null : lines.Except(File.ReadLines(listPath)).FirstOrDefault();
        throw FormatErrors.ClipsDiffer(ArchiveName, digests.Count, found, expected, wrong);
    }
}

/// <summary>All recordings of Speech Commands v0.02 as twelve-class keyword spotting. The published testing list is scored, the published
/// validation list is left out, the rest is trained on. "Unknown" is drawn from the other 25 words, "silence" is cut from the background
/// recordings, and every class is as frequent as the rarest.</summary>
public static class SpeechCommandsFull
{
    const string ArchiveName = "speech_commands_v0.02.tar.gz";
    const string ValidationList = "validation_list.txt", TestingList = "testing_list.txt", BackgroundFolder = "_background_noise_";

    // Enough of the 67,000 other clips to balance ten words of some 3,900 clips, without keeping them all in memory.
    const int UnknownPercent = 10;
    const int SilentTrain = 4000, SilentTest = 450;
    const double TrainShareOfBackground = 0.8;

    [Reads("speech-commands-v2")]
    public static KeywordDataSet Load(DataResolution data)
    {
        var clips = new List<KeywordClip>();
        var backgrounds = new SortedDictionary<string, short[]>(StringComparer.Ordinal);
        var lists = new Dictionary<string, HashSet<string>>();
        foreach (var entry in Archive.Read(data[ArchiveName], new(EntryBytes: 16 << 20)))
        {
            data.Stop.ThrowIfCancellationRequested();
            if (entry.FileName is ValidationList or TestingList) lists[entry.FileName] = Lines(entry);
            else if (SpeechClip.Of(entry) is not { } clip) continue;
            else if (clip.Folder == BackgroundFolder) backgrounds[clip.File] = WavFile.Read(entry.ReadAll(), clip.File);
            else if (Clip(entry, clip) is { } kept) clips.Add(kept);
        }
        if (backgrounds.Count == 0) throw ArchiveErrors.Missing(ArchiveName, BackgroundFolder);
        var (validation, testing) = (List(ValidationList), List(TestingList));

        var train = SpeakerSplit.Balance(
            [.. clips.Where(c => !testing.Contains(c.Path) && !validation.Contains(c.Path)), .. Silence(backgrounds, 0, SilentTrain)]);
        var test = SpeakerSplit.Balance([.. clips.Where(c => testing.Contains(c.Path)), .. Silence(backgrounds, 1, SilentTest)]);
        return new(train, test, Keywords.Classes, data.Provenance(DataTier.Real,
            $"Speech Commands v0.02: {train.Count} clips to train on and {test.Count} of the published testing list to score."));

        HashSet<string> List(string name) => lists.TryGetValue(name, out var list) ? list : throw ArchiveErrors.Missing(ArchiveName, name);
    }

    static HashSet<string> Lines(ArchiveEntry entry) => [.. Encoding.ASCII.GetString(entry.ReadAll())
        .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];

    static KeywordClip? Clip(ArchiveEntry entry, SpeechClip clip)
    {
        var label = Keywords.Label(clip.Folder) is >= 0 and var word ? word : Keywords.Unknown;
        if (label == Keywords.Unknown && !SpeakerSplit.Chosen(clip.Path, UnknownPercent)) return null;
        var samples = WavFile.Read(entry.ReadAll(), clip.Path);
        if (samples.Length > Keywords.SamplesPerClip)
            throw FormatErrors.WrongShape(clip.Path, $"{samples.Length} samples", $"{Keywords.SamplesPerClip} at most, one second");
        // Some recordings are a little short: they are padded with silence.
        Array.Resize(ref samples, Keywords.SamplesPerClip);
        return new(clip.Path, samples, label, clip.Speaker);
    }

    // Training and scoring take different stretches of each recording; loudness varies from nothing to the recording's own.
    static IEnumerable<KeywordClip> Silence(SortedDictionary<string, short[]> backgrounds, int side, int count)
    {
        var recordings = backgrounds.ToList();
        for (var i = 0; i < count; i++)
        {
            var random = Xoshiro.ForSample(0, side, i);
            var (name, sound) = recordings[i % recordings.Count];
            var border = (int)(sound.Length * TrainShareOfBackground);
            var (first, length) = side == 0 ? (0, border) : (border, sound.Length - border);
            if (length < Keywords.SamplesPerClip)
                throw FormatErrors.WrongShape(name, $"{sound.Length} samples", "background of five seconds or more");
            var start = first + random.Below(length - Keywords.SamplesPerClip + 1);
            var gain = random.Uniform();
            var samples = Array.ConvertAll(sound[start..(start + Keywords.SamplesPerClip)], s => (short)(s * gain));
            yield return new($"{BackgroundFolder}/{side}-{i:d5}", samples, Keywords.Silence, null);
        }
    }
}

/// <summary>The name of a WAV clip in either archive: a folder, and a file named after its speaker.</summary>
sealed record SpeechClip(string Folder, string File)
{
    const string SpeakerMark = "_nohash_";

    public string Path => $"{Folder}/{File}";

    /// <summary>The part before "_nohash_"; a silence clip has none.</summary>
    public string? Speaker => File.IndexOf(SpeakerMark, StringComparison.Ordinal) is > 0 and var end ? File[..end] : null;

    /// <summary>Null when the entry is no clip.</summary>
    public static SpeechClip? Of(ArchiveEntry entry) =>
        entry.Parts is [.., var folder, var file] && file.EndsWith(".wav", StringComparison.Ordinal) ? new(folder, file) : null;
}

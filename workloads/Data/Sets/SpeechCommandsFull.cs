using System.Text;

namespace MlPerfEdu.Data;

/// <summary>
/// All recordings of Speech Commands v0.02 as twelve-class keyword spotting. The published testing list is scored, the published
/// validation list is left out, the rest is trained on. "Unknown" is drawn from the other 25 words, "silence" is cut from the background
/// recordings, and every class is as frequent as the rarest.
/// </summary>
public static class SpeechCommandsFull
{
    internal const string ArchiveName = "speech_commands_v0.02.tar.gz";
    const string ValidationList = "validation_list.txt", TestingList = "testing_list.txt", BackgroundFolder = "_background_noise_";

    // Enough of the 67,000 other clips to balance ten words of some 3,900 clips, without keeping them all in memory.
    const int UnknownPercent = 10;
    const int SilentTrain = 4000, SilentTest = 450;
    const double TrainShareOfBackground = 0.8;

    public static KeywordDataSet Load(DataResolution data)
    {
        var clips = new List<KeywordClip>();
        var backgrounds = new SortedDictionary<string, short[]>(StringComparer.Ordinal);
        var lists = new Dictionary<string, HashSet<string>>();
        foreach (var entry in TarGz.Read(data[ArchiveName], new(EntryBytes: 16 << 20)))
        {
            data.Stop.ThrowIfCancellationRequested();
            if (entry.Parts[^1] is ValidationList or TestingList)
                lists[entry.Parts[^1]] = [.. Encoding.ASCII.GetString(entry.ReadAll()).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
            else if (!SpeechClip.IsClip(entry, out var folder, out var file)) continue;
            else if (folder == BackgroundFolder) backgrounds[file] = WavFile.Read(entry.ReadAll(), file);
            else if (Clip(entry, folder, file) is { } clip) clips.Add(clip);
        }
        if (backgrounds.Count == 0) throw ArchiveErrors.Missing(ArchiveName, BackgroundFolder);
        var (validation, testing) = (List(ValidationList), List(TestingList));

        var train = SpeakerSplit.Balance([.. clips.Where(c => !testing.Contains(c.Path) && !validation.Contains(c.Path)), .. Silence(backgrounds, 0, SilentTrain)]);
        var test = SpeakerSplit.Balance([.. clips.Where(c => testing.Contains(c.Path)), .. Silence(backgrounds, 1, SilentTest)]);
        return new(train, test, Keywords.Classes, data.Provenance(DataTier.Real,
            $"Speech Commands v0.02: {train.Count} clips to train on and {test.Count} of the published testing list to score."));

        HashSet<string> List(string name) => lists.TryGetValue(name, out var list) ? list : throw ArchiveErrors.Missing(ArchiveName, name);
    }

    static KeywordClip? Clip(ArchiveEntry entry, string folder, string file)
    {
        var path = $"{folder}/{file}";
        var label = Keywords.Label(folder) is >= 0 and var word ? word : Keywords.Unknown;
        if (label == Keywords.Unknown && !SpeakerSplit.Chosen(path, UnknownPercent)) return null;
        var samples = WavFile.Read(entry.ReadAll(), path);
        if (samples.Length > Keywords.SamplesPerClip) throw FormatErrors.WrongShape(path, $"{samples.Length} samples", $"{Keywords.SamplesPerClip} at most, one second");
        // Some recordings are a little short: silence follows them.
        Array.Resize(ref samples, Keywords.SamplesPerClip);
        return new(path, samples, label, SpeechClip.Speaker(file));
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
            var (first, room) = side == 0 ? (0, border) : (border, sound.Length - border);
            if (room < Keywords.SamplesPerClip) throw FormatErrors.WrongShape(name, $"{sound.Length} samples", "background of five seconds or more");
            var start = first + random.Below(room - Keywords.SamplesPerClip + 1);
            var gain = random.Uniform();
            var samples = Array.ConvertAll(sound[start..(start + Keywords.SamplesPerClip)], s => (short)(s * gain));
            yield return new($"{BackgroundFolder}/{side}-{i:d5}", samples, Keywords.Silence, null);
        }
    }
}

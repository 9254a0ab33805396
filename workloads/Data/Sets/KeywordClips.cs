namespace MlPerfEdu.Data;

/// <summary>One second of sound: 16,000 samples of 16 bits.</summary>
/// <param name="Path">Class folder and file, or the number of a generated clip.</param>
/// <param name="Speaker">Null when nobody speaks.</param>
public sealed record KeywordClip(string Path, short[] Samples, int Label, string? Speaker);

/// <summary>Clips to train on and clips that are only scored; no speaker is in both, and every class is as frequent as the others.</summary>
public sealed record KeywordDataSet(IReadOnlyList<KeywordClip> Train, IReadOnlyList<KeywordClip> Test, IReadOnlyList<string> Classes, Provenance Provenance);

/// <summary>The twelve classes of keyword spotting, in the order of the data set's paper.</summary>
public static class Keywords
{
    public const int SamplesPerClip = WavFile.SampleRate;

    public static readonly IReadOnlyList<string> Classes =
        ["_silence_", "_unknown_", "yes", "no", "up", "down", "left", "right", "on", "off", "stop", "go"];

    public const int Silence = 0, Unknown = 1;

    /// <summary>The class number, or -1.</summary>
    public static int Label(string name)
    {
        for (var i = 0; i < Classes.Count; i++)
            if (Classes[i] == name) return i;
        return -1;
    }
}

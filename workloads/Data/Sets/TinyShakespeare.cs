namespace MlPerfEdu.Data;

/// <summary>Tiny Shakespeare, one file of ASCII: the first part is trained on, the rest is scored.</summary>
public static class TinyShakespeare
{
    const string FileName = "input.txt";

    /// <summary>Of the characters, the share that is trained on.</summary>
    public const int TrainPercent = 80;

    [Reads("tinyshakespeare")]
    public static TextDataSet Load(DataResolution data)
    {
        var text = File.ReadAllBytes(data[FileName]);
        var other = text.AsSpan().IndexOfAnyExceptInRange((byte)0, (byte)(TextDataSet.Symbols - 1));
        if (other >= 0) throw FormatErrors.Malformed(FileName, other, $"byte {text[other]}", $"ASCII, below {TextDataSet.Symbols}");
        var train = (int)((long)text.Length * TrainPercent / 100);
        return new(text[..train], text[train..], data.Provenance(DataTier.Real,
            $"Tiny Shakespeare: the first {train} characters to train on, the last {text.Length - train} to score."));
    }
}

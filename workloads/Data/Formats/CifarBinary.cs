namespace MlPerfEdu.Data;

/// <summary>The binary layout of CIFAR-10 and CIFAR-100: records of one or two labels, a byte each, and 3×32×32 pixels, red, green and blue planes.</summary>
public static class CifarBinary
{
    public const int Side = 32, Channels = 3, Classes = 10;
    public const int Pixels = Channels * Side * Side;
    public const int RecordBytes = 1 + Pixels;

    /// <summary>Records of CIFAR-10.</summary>
    public static LabelledImages Read(ReadOnlySpan<byte> file, string name) => Read(file, name, [Classes]);

    /// <param name="classes">Of each label of a record; the last one is an image's.</param>
    public static LabelledImages Read(ReadOnlySpan<byte> file, string name, ReadOnlySpan<int> classes)
    {
        var recordBytes = classes.Length + Pixels;
        if (file.Length % recordBytes != 0 || file.IsEmpty)
            throw FormatErrors.Truncated(name, file.Length, (file.Length / recordBytes + 1L) * recordBytes, $"bytes (records have {recordBytes})");
        var count = file.Length / recordBytes;
        var pixels = new byte[count * Pixels];
        var labels = new byte[count];
        for (var i = 0; i < count; i++)
        {
            var record = file.Slice(i * recordBytes, recordBytes);
            for (var label = 0; label < classes.Length; label++)
                if (record[label] >= classes[label]) throw FormatErrors.LabelOutOfRange(name, i, record[label], classes[label]);
            labels[i] = record[classes.Length - 1];
            record[classes.Length..].CopyTo(pixels.AsSpan(i * Pixels));
        }
        return new(pixels, labels, Channels, Side, Side);
    }
}

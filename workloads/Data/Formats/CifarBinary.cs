namespace MlPerfEdu.Data;

/// <summary>CIFAR-10's binary layout: records of one label byte and 3×32×32 pixels, red, green and blue planes.</summary>
public static class CifarBinary
{
    public const int Side = 32, Channels = 3, Classes = 10;
    public const int RecordBytes = 1 + Channels * Side * Side;

    public static LabelledImages Read(ReadOnlySpan<byte> file, string name)
    {
        if (file.Length % RecordBytes != 0 || file.IsEmpty)
            throw FormatErrors.Truncated(name, file.Length, (file.Length / RecordBytes + 1L) * RecordBytes, $"bytes (records have {RecordBytes})");
        var count = file.Length / RecordBytes;
        var pixels = new byte[count * (RecordBytes - 1)];
        var labels = new byte[count];
        for (var i = 0; i < count; i++)
        {
            var record = file.Slice(i * RecordBytes, RecordBytes);
            if (record[0] >= Classes) throw FormatErrors.LabelOutOfRange(name, i, record[0], Classes);
            labels[i] = record[0];
            record[1..].CopyTo(pixels.AsSpan(i * (RecordBytes - 1)));
        }
        return new(pixels, labels, Channels, Side, Side);
    }
}

using System.Runtime.InteropServices;

namespace MlPerfEdu.Data;

/// <summary>RIFF/WAVE, and of its many kinds only the one that speech data uses: 16-bit PCM, one channel, 16 kHz.</summary>
public static class WavFile
{
    public const int SampleRate = 16_000;
    const int Pcm = 1, Channels = 1, BitsPerSample = 16, HeaderBytes = 12, ChunkHeaderBytes = 8, FormatBytes = 16;

    public static short[] Read(ReadOnlySpan<byte> file, string name)
    {
        if (file.Length < HeaderBytes) throw FormatErrors.Truncated(name, file.Length, HeaderBytes, "header bytes");
        Expect(file, 0, "RIFF"u8, name);
        Expect(file, 8, "WAVE"u8, name);
        var announced = BinaryPrimitives.ReadUInt32LittleEndian(file[4..]) + 8L;
        if (announced > file.Length) throw FormatErrors.Truncated(name, file.Length, announced, "bytes");
        if (announced < file.Length) throw FormatErrors.TooLong(name, announced, "bytes");

        var formatSeen = false;
        for (var offset = HeaderBytes; offset < file.Length;)
        {
            if (file.Length - offset < ChunkHeaderBytes) throw FormatErrors.Truncated(name, file.Length, offset + ChunkHeaderBytes, "bytes");
            var id = file.Slice(offset, 4);
            var size = (long)BinaryPrimitives.ReadUInt32LittleEndian(file[(offset + 4)..]);
            var start = offset + ChunkHeaderBytes;
            if (start + size > file.Length) throw FormatErrors.Truncated(name, file.Length, start + size, "bytes");
            var body = file.Slice(start, (int)size);
            if (id.SequenceEqual("fmt "u8))
            {
                CheckFormat(body, start, name);
                formatSeen = true;
            }
            else if (id.SequenceEqual("data"u8))
            {
                return formatSeen ? Samples(body, start, name) : throw FormatErrors.Malformed(name, offset, "a data chunk", "a fmt chunk before it");
            }
            // Chunks begin at even offsets: an odd one is followed by a byte of padding.
            offset = (int)Math.Min(start + size + (size & 1), file.Length);
        }
        throw FormatErrors.Malformed(name, file.Length, "the end of the file", formatSeen ? "a data chunk" : "a fmt chunk");
    }

    static void CheckFormat(ReadOnlySpan<byte> body, int start, string name)
    {
        if (body.Length < FormatBytes) throw FormatErrors.Malformed(name, start, $"a fmt chunk of {body.Length} bytes", $"{FormatBytes} or more");
        Check(body, 0, "format", Pcm, "1, uncompressed PCM");
        Check(body, 2, "channels", Channels, "1");
        var rate = BinaryPrimitives.ReadUInt32LittleEndian(body[4..]);
        if (rate != SampleRate) throw FormatErrors.Malformed(name, start + 4, $"{rate} samples per second", $"{SampleRate}");
        Check(body, 12, "bytes per frame", Channels * BitsPerSample / 8, "2");
        Check(body, 14, "bits per sample", BitsPerSample, "16");

        void Check(ReadOnlySpan<byte> bytes, int at, string what, int value, string expected)
        {
            var found = BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);
            if (found != value) throw FormatErrors.Malformed(name, start + at, $"{what} {found}", expected);
        }
    }

    static short[] Samples(ReadOnlySpan<byte> body, int start, string name)
    {
        if (body.Length % 2 != 0) throw FormatErrors.Malformed(name, start, $"{body.Length} bytes of samples", "an even number: two bytes each");
        var samples = MemoryMarshal.Cast<byte, short>(body).ToArray();
        if (!BitConverter.IsLittleEndian) BinaryPrimitives.ReverseEndianness(samples, samples);
        return samples;
    }

    static void Expect(ReadOnlySpan<byte> file, int offset, ReadOnlySpan<byte> tag, string name)
    {
        var found = file.Slice(offset, 4);
        if (!found.SequenceEqual(tag))
            throw FormatErrors.Malformed(name, offset, $"0x{Convert.ToHexStringLower(found)}", $"'{System.Text.Encoding.ASCII.GetString(tag)}'");
    }
}

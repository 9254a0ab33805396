using System.Buffers.Binary;
using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;

namespace MlPerfEdu.Data.Tests;

/// <summary>Packs .tar.gz files, honest ones and others.</summary>
static class TarBytes
{
    public static byte[] Of(params (string Name, byte[] Content)[] files) => Of([.. files.Select(f => File(f.Name, f.Content))]);

    public static byte[] Of(params TarEntry[] entries) => Of(CompressionLevel.Fastest, entries);

    public static byte[] Of(CompressionLevel level, params TarEntry[] entries)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, level))
        using (var tar = new TarWriter(gzip))
            foreach (var entry in entries) tar.WriteEntry(entry);
        return packed.ToArray();
    }

    public static TarEntry File(string name, byte[] content) => new UstarTarEntry(TarEntryType.RegularFile, name) 
        { DataStream = new MemoryStream(content), ModificationTime = DateTimeOffset.UnixEpoch };
}

/// <summary>A .zip of text files, as old data sets come.</summary>
static class ZipBytes
{
    public static byte[] Of(params IEnumerable<(string Name, string Text)> files)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, text) in files)
            {
                using var stream = zip.CreateEntry(name).Open();
                stream.Write(Encoding.Latin1.GetBytes(text));
            }
        }
        return bytes.ToArray();
    }
}

/// <summary>Writes idx files as MNIST's are laid out.</summary>
static class IdxBytes
{
    public static byte[] Of(byte[] values, params int[] dimensions)
    {
        var bytes = new byte[4 + 4 * dimensions.Length + values.Length];
        (bytes[2], bytes[3]) = (8, (byte)dimensions.Length);
        for (var i = 0; i < dimensions.Length; i++) BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4 + 4 * i), dimensions[i]);
        values.CopyTo(bytes, 4 + 4 * dimensions.Length);
        return bytes;
    }

    public static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(bytes);
        return packed.ToArray();
    }
}

/// <summary>Writes WAV files as Speech Commands' are laid out, with changes where a test wants them.</summary>
static class WavBytes
{
    public static byte[] Of(params short[] samples) => Riff(Format(), ("data", MemoryMarshal.AsBytes<short>(samples).ToArray()));

    public static (string, byte[]) Format(int format = 1, int channels = 1, int rate = 16_000, int bits = 16)
    {
        var body = new byte[16];
        BinaryPrimitives.WriteInt16LittleEndian(body, (short)format);
        BinaryPrimitives.WriteInt16LittleEndian(body.AsSpan(2), (short)channels);
        BinaryPrimitives.WriteInt32LittleEndian(body.AsSpan(4), rate);
        BinaryPrimitives.WriteInt32LittleEndian(body.AsSpan(8), rate * channels * bits / 8);
        BinaryPrimitives.WriteInt16LittleEndian(body.AsSpan(12), (short)(channels * bits / 8));
        BinaryPrimitives.WriteInt16LittleEndian(body.AsSpan(14), (short)bits);
        return ("fmt ", body);
    }

    public static byte[] Riff(params (string Id, byte[] Body)[] chunks)
    {
        using var file = new MemoryStream();
        Write(file, "RIFF", chunks.Sum(c => 8 + c.Body.Length + c.Body.Length % 2) + 4);
        file.Write("WAVE"u8);
        foreach (var (id, body) in chunks)
        {
            Write(file, id, body.Length);
            file.Write(body);
            if (body.Length % 2 == 1) file.WriteByte(0);
        }
        return file.ToArray();

        static void Write(Stream stream, string id, int size)
        {
            stream.Write(Encoding.ASCII.GetBytes(id));
            stream.Write(BitConverter.GetBytes(size));
        }
    }
}

using System.Buffers.Binary;
using System.IO.Compression;

namespace MlPerfEdu.Data.Tests;

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

using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace MlPerfEdu.Data.Tests;

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

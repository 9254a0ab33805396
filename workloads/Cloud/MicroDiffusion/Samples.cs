using System.Buffers.Binary;
using System.IO.Compression;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Cloud.MicroDiffusion;

/// <summary>Images out of noise, by the steps of DDIM that add none (Song et al., 2021).</summary>
static class Sampler
{
    /// <param name="steps">Timesteps that are visited, from the last one to the first.</param>
    /// <returns>[count, C, H, W] from −1 to 1.</returns>
    public static Tensor Draw(MicroDiffusionModel model, MicroDiffusionGeometry sizes, int count, int steps, int seed)
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        using var generator = new Generator((ulong)seed);
        var schedule = sizes.Schedule;
        var x = randn([count, sizes.Colours, sizes.Side, sizes.Side], generator: generator);
        for (var step = steps - 1; step >= 0; step--) x = Clearer(x, Timestep(step), step == 0 ? null : Timestep(step - 1));
        return x.DetachFromDisposeScope();

        int Timestep(int step) => steps == 1 ? sizes.Timesteps - 1 : step * (sizes.Timesteps - 1) / (steps - 1);

        Tensor Clearer(Tensor x, int t, int? next)
        {
            using var step = NewDisposeScope();
            var noise = model.Predict(Noised.Row(x, [.. Enumerable.Repeat(t, count)]), null);
            var image = ((x - schedule.Noise(t) * noise) / schedule.Signal(t)).clamp(-1, 1);
            if (next is not { } then) return image.MoveToOuterDisposeScope();
            // What is left of x when the image is taken out.
            var rest = (x - schedule.Signal(t) * image) / schedule.Noise(t);
            return (schedule.Signal(then) * image + schedule.Noise(then) * rest).MoveToOuterDisposeScope();
        }
    }
}

/// <summary>Images in rows below one another, as a PNG file.</summary>
static class PictureGrid
{
    const int Gap = 2;

    /// <param name="images">[N, 3, H, W] from −1 to 1.</param>
    /// <param name="scale">Pixels of the picture for one of an image, each way.</param>
    public static byte[] Png(Tensor images, int columns, int scale)
    {
        var (count, height, width) = ((int)images.shape[0], (int)images.shape[2], (int)images.shape[3]);
        using var scope = NewDisposeScope();
        var pixels = ((images + 1) * 127.5).clamp(0, 255).round().to_type(ScalarType.Byte).permute(0, 2, 3, 1).contiguous().data<byte>().ToArray();
        var (down, along) = ((height + Gap) * scale, (width + Gap) * scale);
        var picture = new byte[(count + columns - 1) / columns * down - Gap * scale][];
        for (var row = 0; row < picture.Length; row++)
        {
            picture[row] = new byte[3 * (columns * along - Gap * scale)];
            for (var at = 0; at < picture[row].Length; at++)
            {
                var (column, y, x) = (at / 3, row % down / scale, at / 3 % along / scale);
                var image = row / down * columns + column / along;
                picture[row][at] = y < height && x < width && image < count ? pixels[((image * height + y) * width + x) * 3 + at % 3] : byte.MaxValue;
            }
        }
        return PngFile.Of(picture);
    }
}

/// <summary>Portable Network Graphics (ISO/IEC 15948): eight bits each of red, green and blue, without filters.</summary>
static class PngFile
{
    const int Rgb = 2, Depth = 8;

    /// <param name="rows">Red, green and blue of each pixel, from left to right.</param>
    public static byte[] Of(byte[][] rows)
    {
        using var file = new MemoryStream();
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', (byte)'\r', (byte)'\n', 0x1A, (byte)'\n']);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, rows[0].Length / 3);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), rows.Length);
        (header[8], header[9]) = (Depth, Rgb);
        Chunk(file, "IHDR"u8, header);
        Chunk(file, "IDAT"u8, Compressed(rows));
        Chunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    // Before each row stands the number of its filter: none.
    static byte[] Compressed(byte[][] rows)
    {
        using var packed = new MemoryStream();
        using (var stream = new ZLibStream(packed, CompressionLevel.SmallestSize))
        {
            foreach (var row in rows)
            {
                stream.WriteByte(0);
                stream.Write(row);
            }
        }
        return packed.ToArray();
    }

    static void Chunk(MemoryStream file, ReadOnlySpan<byte> name, ReadOnlySpan<byte> content)
    {
        Span<byte> number = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        file.Write(number);
        file.Write(name);
        file.Write(content);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32([.. name, .. content]));
        file.Write(number);
    }

    internal static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var one in bytes)
        {
            crc ^= one;
            for (var bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (0xEDB88320 & (0 - (crc & 1)));
        }
        return ~crc;
    }
}

namespace MlPerfEdu.Data;

/// <summary>An array of bytes as the MNIST files keep it: magic number, dimensions (big-endian), values.</summary>
public sealed record IdxFile(int[] Dimensions, byte[] Values)
{
    const byte UnsignedByte = 0x08;
    const int MostDimensions = 4;
    const long MostValues = 1L << 31;

    /// <summary>Reads a plain or gzip-compressed file; nothing may be missing and nothing may follow.</summary>
    public static IdxFile Read(string path)
    {
        using var file = File.OpenRead(path);
        return Read(file, Path.GetFileName(path));
    }

    public static IdxFile Read(Stream stream, string name)
    {
        using var plain = Plain(stream);
        try
        {
            return ReadPlain(plain, name);
        }
        catch (InvalidDataException e)
        {
            throw FormatErrors.Malformed(name, stream.CanSeek ? stream.Position : 0, "damaged gzip data", "an undamaged gzip stream", e);
        }
    }

    static Stream Plain(Stream stream)
    {
        Span<byte> start = stackalloc byte[2];
        var read = stream.ReadAtLeast(start, 2, throwOnEndOfStream: false);
        stream.Position -= read;
        return read == 2 && start[0] == 0x1f && start[1] == 0x8b ? new GZipStream(stream, CompressionMode.Decompress, leaveOpen: true) : stream;
    }

    static IdxFile ReadPlain(Stream stream, string name)
    {
        var header = new byte[4 + 4 * MostDimensions];
        Fill(stream, header.AsSpan(0, 4), name);
        if (header[0] != 0 || header[1] != 0)
            throw FormatErrors.Malformed(name, 0, $"0x{header[0]:x2}{header[1]:x2}", "0x0000, the start of an idx file");
        if (header[2] != UnsignedByte)
            throw FormatErrors.Malformed(name, 2, $"value type 0x{header[2]:x2}", "0x08, unsigned bytes");
        if (header[3] is 0 or > MostDimensions)
            throw FormatErrors.Malformed(name, 3, $"{header[3]} dimensions", $"1 to {MostDimensions}");

        var dimensions = new int[header[3]];
        long count = 1;
        Fill(stream, header.AsSpan(4, 4 * dimensions.Length), name);
        for (var i = 0; i < dimensions.Length; i++)
        {
            var offset = 4 + 4 * i;
            dimensions[i] = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(offset));
            if (dimensions[i] <= 0 || (count *= dimensions[i]) >= MostValues)
                throw FormatErrors.Malformed(
                    name, offset, $"dimension {i} of {dimensions[i]}", $"a positive one, {MostValues} values at most in all");
        }

        var values = ReadValues(stream, count, name);
        if (stream.ReadByte() >= 0) throw FormatErrors.TooLong(name, count, "values");
        return new(dimensions, values);
    }

    // Grows with what is really there: a short file that announces two billion values must not allocate them.
    static byte[] ReadValues(Stream stream, long count, string name)
    {
        const int FirstChunk = 16 << 20;
        var values = new byte[Math.Min(count, FirstChunk)];
        long read = 0;
        while (true)
        {
            read += stream.ReadAtLeast(values.AsSpan((int)read), values.Length - (int)read, throwOnEndOfStream: false);
            if (read == count) return values;
            if (read < values.Length) throw FormatErrors.Truncated(name, read, count, "values");
            Array.Resize(ref values, (int)Math.Min(count, values.LongLength * 2));
        }
    }

    static void Fill(Stream stream, Span<byte> buffer, string name)
    {
        var read = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        if (read < buffer.Length) throw FormatErrors.Truncated(name, read, buffer.Length, "header bytes");
    }
}

/// <summary>Joins an idx file of images with the idx file of their labels.</summary>
static class IdxImages
{
    public static LabelledImages Load(string imagesPath, string labelsPath, int height, int width, int classes)
    {
        var images = IdxFile.Read(imagesPath);
        var labels = IdxFile.Read(labelsPath);
        var (imagesName, labelsName) = (Path.GetFileName(imagesPath), Path.GetFileName(labelsPath));

        if (images.Dimensions is not [var count, var h, var w] || h != height || w != width)
            throw FormatErrors.WrongShape(imagesName, $"dimensions {Shape(images)}", $"n×{height}×{width}");
        if (labels.Dimensions is not [var labelCount])
            throw FormatErrors.WrongShape(labelsName, $"dimensions {Shape(labels)}", "one: a label per image");
        if (count != labelCount) throw FormatErrors.CountsDiffer(imagesName, count, labelsName, labelCount);

        var outside = labels.Values.AsSpan().IndexOfAnyExceptInRange((byte)0, (byte)(classes - 1));
        if (outside >= 0) throw FormatErrors.LabelOutOfRange(labelsName, outside, labels.Values[outside], classes);
        return new(images.Values, labels.Values, 1, height, width);
    }

    static string Shape(IdxFile file) => string.Join('×', file.Dimensions);
}

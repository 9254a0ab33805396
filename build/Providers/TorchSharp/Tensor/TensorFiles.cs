using System.Text;
using TorchSharp.Interop;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>
/// TorchSharp's own format: element type, number of dimensions and sizes as LEB128 numbers, then the elements.
/// (BinaryWriter's seven-bit numbers are LEB128.)
/// </summary>
public static partial class TensorExtensionMethods
{
    public static void Save(this Tensor tensor, BinaryWriter writer)
    {
        writer.Write7BitEncodedInt64((long)tensor.dtype);
        var shape = tensor.shape;
        writer.Write7BitEncodedInt64(shape.Length);
        foreach (var size in shape) writer.Write7BitEncodedInt64(size);
        using var detached = tensor.detach();
        detached.WriteBytesToStream(writer.BaseStream);
    }

    public static void Save(this Tensor tensor, Stream stream)
    {
        using var writer = new BinaryWriter(stream);
        tensor.Save(writer);
    }

    public static void Save(this Tensor tensor, string location)
    {
        using var stream = File.Create(location);
        tensor.Save(stream);
    }

    public static void Load(this Tensor tensor, BinaryReader reader, bool skip = false)
    {
        var (type, shape) = ReadHeader(reader);
        if (type != tensor.dtype)
            throw new ArgumentException($"Mismatched tensor data types while loading: found {type}, expected {tensor.dtype}. " +
                "Make sure that the model you are loading into is exactly the same as the origin.");
        if (!skip && !shape.AsSpan().SequenceEqual(tensor.shape))
            throw new ArgumentException($"Mismatched tensor shape while loading: found [{string.Join(", ", shape)}], expected " +
                $"[{string.Join(", ", tensor.shape)}]. Make sure that the model you are loading into is exactly the same as the origin.");
        using var elements = ReadElements(reader, type, shape);
        if (skip) return;
        using (no_grad()) tensor.copy_(elements);
    }

    public static Tensor Load(BinaryReader reader, bool skip = false)
    {
        var (type, shape) = ReadHeader(reader);
        var elements = ReadElements(reader, type, shape);
        return skip ? elements.zero_() : elements;
    }

    private static (ScalarType, long[]) ReadHeader(BinaryReader reader)
    {
        var type = (ScalarType)reader.Read7BitEncodedInt64();
        var dimensions = reader.Read7BitEncodedInt64();
        if (!Enum.IsDefined(type) || dimensions is < 0 or > 64)
            throw new InvalidDataException($"This is no tensor: found element type {(int)type} and {dimensions} dimensions.");
        var shape = new long[dimensions];
        for (var i = 0; i < shape.Length; i++) shape[i] = reader.Read7BitEncodedInt64();
        return (type, shape);
    }

    private static Tensor ReadElements(BinaryReader reader, ScalarType type, long[] shape)
    {
        var elements = empty(shape, type, CPU);
        elements.ReadBytesFromStream(reader.BaseStream);
        return elements;
    }
}

public static partial class torch
{
    /// <summary>Writes a tensor in libtorch's own format, which PyTorch's <c>torch.jit.load</c> reads.</summary>
    public static unsafe void save(Tensor t, string location)
    {
        fixed (byte* path = Encoding.UTF8.GetBytes(location + '\0')) NativeError.Check((long)Native.mt_tensor_save(t.Handle, path));
        GC.KeepAlive(t);
    }

    public static unsafe Tensor load(string location)
    {
        fixed (byte* path = Encoding.UTF8.GetBytes(location + '\0')) return new Tensor(NativeError.Check(Native.mt_tensor_load(path)));
    }

    public partial class Tensor
    {
        public static Tensor load(string location) => torch.load(location);

        public void save(string location) => torch.save(this, location);

        public static Tensor Load(BinaryReader reader) => TensorExtensionMethods.Load(reader);

        public static Tensor Load(Stream stream)
        {
            using var reader = new BinaryReader(stream);
            return Load(reader);
        }

        public static Tensor Load(string location) => Load(File.OpenRead(location));
    }
}

using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using MlPerfEdu.Numerics;

namespace MlPerfEdu.Workloads.Cloud.MobileNetComposed;

/// <summary>
/// A quantised network as one file: header, shapes, activations, then of each layer the weights that are left, a byte each, their places in groups
/// of four, two bits each, scales and biases as halves; at the end the SHA-256 of all before it.
/// </summary>
public static class PackedModel
{
    const int Digest = SHA256.HashSizeInBytes, BitsOfPlace = 2, BitsOfGroup = BitsOfPlace * TwoOfFour.Kept, PlaceMask = TwoOfFour.Group - 1;

    static ReadOnlySpan<byte> Mark => "MPE-2OF4"u8;

    /// <summary>Bytes of one part of a file.</summary>
    public sealed record Sizes(long Weights, long Places, long Halves, long Rest)
    {
        public long All => Weights + Places + Halves + Rest;
    }

    /// <exception cref="PackedException">A group of four has more than two weights.</exception>
    public static byte[] Write(QuantisedModel model, out Sizes sizes)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream, Encoding.UTF8);
        writer.Write(Mark);
        writer.Write((ushort)model.Layers.Count);
        foreach (var (layer, _, _, _) in model.Layers)
        {
            writer.Write((byte)layer.Kind);
            writer.Write(layer.Relu6);
            writer.Write((ushort)layer.Inputs);
            writer.Write((ushort)layer.Outputs);
            writer.Write((byte)layer.Side);
            writer.Write((byte)layer.Stride);
            writer.Write((short)layer.Residual);
        }
        foreach (var (scale, zero) in model.Activations)
        {
            writer.Write(scale);
            writer.Write(zero);
        }
        long rest = stream.Length + Digest, weights = 0, places = 0, halves = 0;
        for (var i = 0; i < model.Layers.Count; i++)
        {
            var layer = model.Layers[i];
            var (kept, where) = layer.Layer.IsPruned ? Split(layer, i) : (layer.Weights, []);
            foreach (var weight in kept) writer.Write(weight);
            writer.Write(where);
            foreach (var half in layer.Scales.Concat(layer.Biases)) writer.Write(half);
            (weights, places, halves) = (weights + kept.Length, places + where.Length, halves + 2 * (layer.Scales.Length + layer.Biases.Length));
        }
        writer.Flush();
        writer.Write(SHA256.HashData(stream.ToArray()));
        writer.Flush();
        sizes = new(weights, places, halves, rest);
        return stream.ToArray();
    }

    /// <exception cref="PackedException">The contents are not what was written.</exception>
    public static QuantisedModel Read(byte[] file, string name)
    {
        if (file.Length < Mark.Length + Digest || !file.AsSpan().StartsWith(Mark)) throw PackedErrors.NotPacked(name, file.Length);
        Span<byte> contents = file.AsSpan(..^Digest), stated = file.AsSpan(^Digest..);
        var found = SHA256.HashData(contents);
        if (!stated.SequenceEqual(found)) throw PackedErrors.Changed(name, Convert.ToHexStringLower(found), Convert.ToHexStringLower(stated));
        using var reader = new BinaryReader(new MemoryStream(file, Mark.Length, contents.Length - Mark.Length));
        var layers = new Layer[reader.ReadUInt16()];
        for (var i = 0; i < layers.Length; i++)
        {
            var (kind, relu6) = ((LayerKind)reader.ReadByte(), reader.ReadBoolean());
            layers[i] = new(kind, reader.ReadUInt16(), reader.ReadUInt16(), reader.ReadByte(), reader.ReadByte(), relu6, reader.ReadInt16());
        }
        var activations = new ByteScale[layers.Length + 1];
        for (var i = 0; i < activations.Length; i++) activations[i] = new(reader.ReadSingle(), reader.ReadByte());
        return new([.. layers.Select((layer, i) => Layer(reader, layer, i, name))], activations);
    }

    static QuantisedLayer Layer(BinaryReader reader, Layer layer, int index, string name)
    {
        var weights = layer.IsPruned ? Join(reader, layer, index, name) : Bytes(reader, layer.Weights);
        return new(layer, weights, Halves(), Halves());

        Half[] Halves() => [.. Enumerable.Range(0, layer.Outputs).Select(_ => reader.ReadHalf())];
    }

    static sbyte[] Bytes(BinaryReader reader, int count) => Array.ConvertAll(reader.ReadBytes(count), weight => (sbyte)weight);

    static int Groups(Layer layer) => (layer.Taps + TwoOfFour.Group - 1) / TwoOfFour.Group;

    // Two groups to a byte.
    static (sbyte[] Kept, byte[] Places) Split(QuantisedLayer layer, int index)
    {
        var (shape, groups) = (layer.Layer, Groups(layer.Layer));
        var kept = new sbyte[shape.Outputs * groups * TwoOfFour.Kept];
        var places = new byte[(shape.Outputs * groups + 1) / 2];
        var four = new sbyte[TwoOfFour.Group];
        for (var at = 0; at < shape.Outputs * groups; at++)
        {
            var (output, tap) = (at / groups, at % groups * TwoOfFour.Group);
            Array.Clear(four);
            layer.Weights.AsSpan(output * shape.Taps + tap, Math.Min(TwoOfFour.Group, shape.Taps - tap)).CopyTo(four);
            if (four.Count(weight => weight != 0) > TwoOfFour.Kept) throw PackedErrors.Dense(index, output, tap, four);
            var (first, second) = TwoOfFour.Places(four);
            (kept[2 * at], kept[2 * at + 1]) = (four[first], four[second]);
            places[at / 2] |= (byte)((first | second << BitsOfPlace) << at % 2 * BitsOfGroup);
        }
        return (kept, places);
    }

    static sbyte[] Join(BinaryReader reader, Layer layer, int index, string name)
    {
        var groups = Groups(layer);
        var kept = Bytes(reader, layer.Outputs * groups * TwoOfFour.Kept);
        var places = reader.ReadBytes((layer.Outputs * groups + 1) / 2);
        var weights = new sbyte[layer.Weights];
        for (var at = 0; at < layer.Outputs * groups; at++)
        {
            var (output, tap) = (at / groups, at % groups * TwoOfFour.Group);
            var both = places[at / 2] >> at % 2 * BitsOfGroup;
            int first = both & PlaceMask, second = both >> BitsOfPlace & PlaceMask;
            if (first >= second) throw PackedErrors.Places(name, index, output, tap, first, second);
            Put(first, kept[2 * at]);
            Put(second, kept[2 * at + 1]);

            void Put(int place, sbyte weight)
            {
                if (tap + place < layer.Taps) weights[output * layer.Taps + tap + place] = weight;
            }
        }
        return weights;
    }
}

/// <summary>A packed network that cannot be written or read; the folder's README has a line for each code.</summary>
public sealed class PackedException(string code, string message) : Exception($"{code}: {message}")
{
    public string Code { get; } = code;
}

static class PackedErrors
{
    public static PackedException NotPacked(string name, int bytes) =>
        new("MLP1540", $"found {bytes} bytes without the mark of a packed network in {name} → expected MPE-2OF4 at their start → pass a file that this workload wrote.");

    public static PackedException Changed(string name, string found, string stated) =>
        new("MLP1541", $"found contents of {name} with SHA-256 {found[..12]}… → expected {stated[..12]}…, which its last 32 bytes state: at least one bit has changed "
            + "→ delete the file, and the next run writes it again.");

    public static PackedException Places(string name, int layer, int output, int tap, int first, int second) =>
        new("MLP1542", $"found places {first} and {second} in the group at input {tap} of output {output}, layer {layer} of {name} → expected two different ones "
            + "in order → correct what wrote the file.");

    public static PackedException Dense(int layer, int output, int tap, IReadOnlyList<sbyte> four) =>
        new("MLP1543", $"found the weights {string.Join(", ", four)} at input {tap} of output {output}, layer {layer} → expected two of four to be 0 "
            + "→ prune the layer along the dimension that its sums run over.");
}

using MlPerfEdu.Numerics;
using MlPerfEdu.Workloads.Cloud.NanoGpt;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Cloud.Gpt;

/// <summary>Keys and values of the positions so far, in memory allocated once: per layer and head one position after another.</summary>
public sealed unsafe class KeyValueCache : IDisposable
{
    // [L, 2, H, room, d] in its format, and for bytes a scale for each position of a head, [L, 2, H, room].
    readonly Tensor storage;
    readonly Tensor? scaleStorage;
    readonly byte* first;
    readonly float* scales;
    readonly NanoGptGeometry geometry;
    readonly int room;

    /// <param name="capacity">The most positions that it holds.</param>
    public KeyValueCache(NanoGptGeometry geometry, int capacity, GptNumbers numbers = GptNumbers.Fp32)
    {
        this.geometry = geometry;
        Numbers = numbers;
        Capacity = capacity <= geometry.Context
            ? capacity
            : throw new ArgumentOutOfRangeException(
                nameof(capacity), capacity, $"The model knows {geometry.Context} positions; ask for at most as many.");
        // Kernels read whole vectors of positions.
        room = (capacity + TokenKernels.Lanes - 1) / TokenKernels.Lanes * TokenKernels.Lanes;
        long[] heads = [geometry.Layers, 2, geometry.Heads, room];
        storage = zeros([.. heads, geometry.Head], Numbers.Type());
        first = (byte*)NativeFloats.Of(storage);
        if (numbers == GptNumbers.Q8)
        {
            scaleStorage = zeros(heads);
            scales = NativeFloats.Of(scaleStorage);
        }
    }

    public int Capacity { get; }

    public GptNumbers Numbers { get; }

    /// <summary>Positions that are filled.</summary>
    public int Length { get; private set; }

    /// <summary>Keys and values of all layers, and their scales.</summary>
    public long BytesPerToken => 2L * geometry.Layers * geometry.Heads * (geometry.Head * Numbers.Bytes() + Numbers.ScaleBytes());

    /// <summary>Forgets everything from a position on, as if it had never been appended.</summary>
    public void Truncate(int length) => Length = length <= Length
        ? length
        : throw new ArgumentOutOfRangeException(
            nameof(length), length, $"Only {Length} positions are filled; a cache cannot be cut longer.");

    /// <summary>Forgets everything and holds what another cache of the same model holds, in its own format.</summary>
    public void CopyFrom(KeyValueCache other)
    {
        Length = 0;
        Require(other.Length);
        using var scope = NewDisposeScope();
        for (var plane = 0; plane < 2 * geometry.Layers; plane++)
        {
            if (other.Numbers == Numbers)
                Copy(other, plane);
            else
                Write(plane, other.Read(plane, other.Length), 0);
        }

        Advance(other.Length);
    }

    // As it is: what was rounded twice would be another number.
    void Copy(KeyValueCache other, int plane)
    {
        Of(storage, plane, 0, other.Length).copy_(Of(other.storage, plane, 0, other.Length));
        if (scaleStorage is not null)
            Of(scaleStorage, plane, 0, other.Length).copy_(Of(other.scaleStorage!, plane, 0, other.Length));
    }

    // [H, length, d], or without d, a view
    static Tensor Of(Tensor storage, int plane, int start, long length) => storage[plane / 2][plane % 2].narrow(1, start, length);

    internal void Advance(int tokens)
    {
        Require(tokens);
        Length += tokens;
    }

    internal void Require(int tokens)
    {
        if (Length + tokens > Capacity)
            throw new InvalidOperationException(
                $"{tokens} tokens after {Length} do not fit a cache of {Capacity}; make it larger or cut it first.");
    }

    /// <summary>Which numbers are a layer's keys, and which its values.</summary>
    internal static (int Keys, int Values) Planes(int layer) => (2 * layer, 2 * layer + 1);

    /// <summary>Keys or values of the first positions as fp32, [H, length, d]; a view where they are that.</summary>
    internal Tensor Read(int plane, int length)
    {
        var seen = Of(storage, plane, 0, length).to(float32);
        return scaleStorage is null ? seen : seen * Of(scaleStorage, plane, 0, length).unsqueeze(-1);
    }

    /// <summary>[H, length, d] from a position on.</summary>
    internal void Write(int plane, Tensor added, int start)
    {
        var length = added.shape[1];
        if (scaleStorage is not null)
        {
            var scale = added.abs().amax([-1]) / sbyte.MaxValue;
            Of(scaleStorage, plane, start, length).copy_(scale);
            added = (added * scale.reciprocal().nan_to_num(0, 0, 0).unsqueeze(-1)).round();
        }

        Of(storage, plane, start, length).copy_(added);
    }

    internal CachedHead HeadOf(int layer, int head)
    {
        var (keys, values) = Planes(layer);
        return new(At(keys, head, 0), ScaleAt(keys, head, 0), At(values, head, 0), ScaleAt(values, head, 0));
    }

    /// <summary>Keys or values of one head, [d].</summary>
    internal void Put(int plane, int head, int position, float* added)
    {
        var place = At(plane, head, position);
        switch (Numbers)
        {
            case GptNumbers.Fp32:
                new ReadOnlySpan<float>(added, geometry.Head).CopyTo(new Span<float>(place, geometry.Head));
                break;
            case GptNumbers.Fp16:
                Widening.Narrow(added, (Half*)place, geometry.Head);
                break;
            default:
                var scale = RowScale.Of(added, geometry.Head, sbyte.MaxValue);
                *ScaleAt(plane, head, position) = scale;
                RowScale.Divide(added, geometry.Head, scale, (sbyte*)place);
                break;
        }
    }

    byte* At(int plane, int head, int position) => first + Place(plane, head, position) * geometry.Head * Numbers.Bytes();

    float* ScaleAt(int plane, int head, int position) => scales == null ? null : scales + Place(plane, head, position);

    nint Place(int plane, int head, int position) => ((nint)plane * geometry.Heads + head) * room + position;

    public void Dispose()
    {
        storage.Dispose();
        scaleStorage?.Dispose();
    }
}

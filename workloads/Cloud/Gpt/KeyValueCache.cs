using MlPerfEdu.Workloads.Cloud.NanoGpt;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Cloud.Gpt;

/// <summary>Keys and values of the positions so far, in memory allocated once: per layer and head one position after another.</summary>
public sealed unsafe class KeyValueCache : IDisposable
{
    // [L, 2, H, capacity, d]
    readonly Tensor storage;
    readonly float* numbers;
    readonly NanoGptGeometry geometry;

    /// <param name="capacity">The most positions that it holds.</param>
    public KeyValueCache(NanoGptGeometry geometry, int capacity)
    {
        this.geometry = geometry;
        Capacity = capacity <= geometry.Context
            ? capacity
            : throw new ArgumentOutOfRangeException(
                nameof(capacity), capacity, $"The model knows {geometry.Context} positions; ask for at most as many.");
        storage = zeros([geometry.Layers, 2, geometry.Heads, capacity, geometry.Head]);
        numbers = NativeFloats.Of(storage);
    }

    public int Capacity { get; }

    /// <summary>Positions that are filled.</summary>
    public int Length { get; private set; }

    public long BytesPerToken => 2L * sizeof(float) * geometry.Layers * geometry.Width;

    /// <summary>Forgets everything from a position on, as if it had never been appended.</summary>
    public void Truncate(int length) => Length = length <= Length
        ? length
        : throw new ArgumentOutOfRangeException(
            nameof(length), length, $"Only {Length} positions are filled; a cache cannot be cut longer.");

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

    /// <summary>[H, capacity, d], a view.</summary>
    internal Tensor Keys(int layer) => storage[layer][0];

    /// <summary>[H, capacity, d], a view.</summary>
    internal Tensor Values(int layer) => storage[layer][1];

    internal float* KeysOf(int layer, int head) => At(2 * layer, head);

    internal float* ValuesOf(int layer, int head) => At(2 * layer + 1, head);

    float* At(int plane, int head) => numbers + ((nint)plane * geometry.Heads + head) * Capacity * geometry.Head;

    public void Dispose() => storage.Dispose();
}

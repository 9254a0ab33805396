namespace MlPerfEdu.Numerics;

/// <summary>An array that begins at a cache line: a wide load across two lines costs twice as much.</summary>
sealed class AlignedBuffer<T>
    where T : unmanaged
{
    const int Line = 64;

    readonly T[] values;
    readonly int offset;

    public AlignedBuffer(int count)
    {
        var size = Unsafe.SizeOf<T>();
        // Pinned, or the collector might move it.
        values = GC.AllocateArray<T>(count + Line / size, pinned: true);
        offset = (int)((Line - Address(values) % Line) % Line) / size;
        Length = count;
    }

    public AlignedBuffer(ReadOnlySpan<T> values) : this(values.Length) => values.CopyTo(Span);
    public int Length { get; }
    public Span<T> Span => values.AsSpan(offset, Length);
    public ref T this[int index] => ref values[offset + index];
    public Span<T> AsSpan(int start) => Span[start..];
    public Span<T> AsSpan(int start, int length) => Span.Slice(start, length);
    static unsafe long Address(T[] values) => (long)Unsafe.AsPointer(ref values[0]);
}

/// <summary>Memory that is reused from call to call and only grows.</summary>
struct Scratch<T>()
{
    T[] kept = [];

    public Span<T> Take(int length)
    {
        if (kept.Length < length)
            kept = new T[length];
        return kept.AsSpan(0, length);
    }
}

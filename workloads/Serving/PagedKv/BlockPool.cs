using MlPerfEdu.Serving.Numerics;

namespace MlPerfEdu.Serving.PagedKv;

public interface IBlockStatistics
{
    int Total { get; }

    int Used { get; }

    int Peak { get; }

    long Allocations { get; }

    long Frees { get; }

    /// <summary>Blocks that a writer had to copy because others read them too.</summary>
    long Copies { get; }
}

/// <summary>Blocks with a count of the sequences that hold each, and a stack of the free ones.</summary>
sealed class BlockPool : IBlockStatistics
{
    readonly int _size;
    readonly int[] _holders;
    readonly int[] _free;
    int _freeCount;

    public BlockPool(int blocks, int size)
    {
        _size = size;
        _holders = new int[blocks];
        _free = [.. Enumerable.Range(0, blocks).Reverse()];
        _freeCount = blocks;
        Keys = new(checked(blocks * size));
        Values = new(checked(blocks * size));
    }

    public AlignedBuffer<float> Keys { get; }

    public AlignedBuffer<float> Values { get; }

    public int Total => _free.Length;

    public int Free => _freeCount;

    public int Used => Total - _freeCount;

    public int Peak { get; private set; }

    public long Allocations { get; private set; }

    public long Frees { get; private set; }

    public long Copies { get; private set; }

    public int Start(int block) => block * _size;

    public bool IsShared(int block) => _holders[block] > 1;

    public void Share(int block) => _holders[block]++;

    public int Take()
    {
        if (_freeCount == 0)
            throw ServingErrors.OutOfRoom("blocks", 1, 0);
        var block = _free[--_freeCount];
        _holders[block] = 1;
        Allocations++;
        Peak = Math.Max(Peak, Used);
        return block;
    }

    public int Copy(int block)
    {
        var copy = Take();
        Keys.AsSpan(Start(block), _size).CopyTo(Keys.AsSpan(Start(copy)));
        Values.AsSpan(Start(block), _size).CopyTo(Values.AsSpan(Start(copy)));
        Copies++;
        return copy;
    }

    /// <summary>One holder less; the block is free when it was the last.</summary>
    public void Release(int block)
    {
        if (--_holders[block] > 0)
            return;
        _free[_freeCount++] = block;
        Frees++;
    }
}

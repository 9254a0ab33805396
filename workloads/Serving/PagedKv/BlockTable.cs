namespace MlPerfEdu.Serving.PagedKv;

/// <summary>The blocks of one sequence in the order of its tokens; behind them may be some for tokens to come.</summary>
sealed class BlockTable
{
    int[] _blocks = new int[8];
    int _count;

    public ReadOnlySpan<int> Blocks => _blocks.AsSpan(0, _count);

    /// <summary>Tokens.</summary>
    public int Length { get; set; }

    public void Add(int block)
    {
        if (_count == _blocks.Length)
            Array.Resize(ref _blocks, 2 * _count);
        _blocks[_count++] = block;
    }

    public int RemoveLast() => _blocks[--_count];

    public void Replace(int index, int block) => _blocks[index] = block;
}

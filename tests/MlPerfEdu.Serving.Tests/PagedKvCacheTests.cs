using MlPerfEdu.Serving.PagedKv;

namespace MlPerfEdu.Serving.Tests;

[Trait("Suite", "serving")]
public class PagedKvCacheTests
{
    readonly PagedKvCache cache = new(new(1, 1, 1), blockTokens: 4, blocks: 4);

    [Fact]
    public void Reserving_counts_the_copy_of_a_shared_block_and_takes_all_or_none()
    {
        Append(6);
        cache.Fork(1, 2);
        // Six tokens more are a block, and the copy of the last one: two are free.
        cache.Reserve(2, 6);
        Assert.Equal((4, 1), (cache.Blocks.Used, cache.Blocks.Copies));
        cache.Truncate(2, 6);
        Assert.Equal(3, cache.Blocks.Used);
        cache.Free(2);

        cache.Fork(1, 2);
        var refused = Assert.Throws<KernelException>(() => cache.Reserve(2, 7));
        Assert.Equal("MLP4003", refused.Code);
        Assert.Contains("found 2 blocks free where 3 are needed", refused.Message);
        Assert.Equal((2, 6), (cache.Blocks.Used, cache.Length(2)));
    }

    [Fact]
    public void More_tokens_than_can_be_counted_are_refused()
    {
        var cache = new PagedKvCache(new(1, 1, 1), blockTokens: 1, blocks: 4);
        cache.Add(1);
        cache.Append(1, [1], [1]);
        Assert.Equal("MLP4003", Assert.Throws<KernelException>(() => cache.Reserve(1, int.MaxValue)).Code);
        Assert.Equal(1, cache.Blocks.Used);
    }

    void Append(int tokens)
    {
        cache.Add(1);
        for (var token = 0; token < tokens; token++)
            cache.Append(1, [token], [token]);
    }
}

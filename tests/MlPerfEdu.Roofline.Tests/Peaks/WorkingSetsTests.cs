using MlPerfEdu.Roofline.Peaks;

namespace MlPerfEdu.Roofline.Tests.Peaks;

/// <summary>The sample machine has 32 KiB and 1 MiB per core, 32 MB for all, and 16 GiB of memory.</summary>
public class WorkingSetsTests
{
    [Fact]
    public void Half_of_the_last_level_and_four_times_it_for_memory() =>
        Assert.Equal((16_000_000, 128_000_000), (WorkingSets.LastLevelCache(Sample.Facts), WorkingSets.Memory(Sample.Facts)));

    [Fact]
    public void A_machine_that_states_no_cache_is_taken_to_have_8_MiB()
    {
        var silent = Sample.Facts with { Caches = [] };

        Assert.Equal((4 << 20, 32 << 20), (WorkingSets.LastLevelCache(silent), WorkingSets.Memory(silent)));
    }

    [Fact]
    public void No_set_takes_more_than_an_eighth_of_the_memory()
    {
        Assert.Equal(2L << 30, WorkingSets.Largest(Sample.Facts));
        Assert.Equal(64_000_000, WorkingSets.Memory(Sample.Facts with { MemoryBytes = 512_000_000 }));
        Assert.Equal(1, WorkingSets.Largest(Sample.Facts with { MemoryBytes = 8 }));
        Assert.Equal(0, WorkingSets.Largest(Sample.Facts with { MemoryBytes = 1 }));
        Assert.Equal(long.MaxValue, WorkingSets.Largest(Sample.Facts with { MemoryBytes = 0 }));
    }

    [Theory]
    [InlineData(1, 3, 3 * (16L << 10))]
    [InlineData(2, 3, 3 * (512L << 10))]
    [InlineData(3, 3, null)]
    [InlineData(4, 3, null)]
    public void Half_of_a_cores_own_cache_for_every_thread(int level, int threads, long? bytes) =>
        Assert.Equal(bytes, WorkingSets.Private(Sample.Facts, level, threads));

    [Fact]
    public void A_cache_of_instructions_holds_no_set()
    {
        var facts = Sample.Facts with { Caches = [new(1, "instruction", 64 << 10, 1), .. Sample.Facts.Caches] };

        Assert.Equal(16 << 10, WorkingSets.Private(facts, 1, 1));
    }
}

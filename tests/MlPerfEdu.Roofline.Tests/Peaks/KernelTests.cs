using System.Numerics;
using MlPerfEdu.Roofline.Peaks;

namespace MlPerfEdu.Roofline.Tests.Peaks;

/// <summary>A kernel that computes something else, or nothing, measures nothing.</summary>
public class KernelTests
{
    static readonly int Length = 5 * StreamKernel.Block;

    [Fact]
    public void Triad_adds_and_scales_every_element()
    {
        var a = new float[Length];
        StreamKernel.Triad(a, Ramp(), [.. Enumerable.Repeat(2f, Length)], 0.5f);

        Assert.Equal(Ramp().Select(value => value + 1), a);
    }

    [Fact]
    public void Copy_copies_every_element()
    {
        var a = new float[Length];
        StreamKernel.Copy(a, Ramp());

        Assert.Equal(Ramp(), a);
    }

    [Fact]
    public void Sum_reads_as_far_as_it_is_told() =>
        Assert.Equal(Ramp().Take(2 * StreamKernel.Block).Sum(), StreamKernel.Sum(Ramp().AsSpan(0, 2 * StreamKernel.Block)));

    [Fact]
    public void Update_scales_every_element_in_place()
    {
        var a = Ramp();
        StreamKernel.Update(a, -1f);

        Assert.Equal(Ramp().Select(value => -value), a);
    }

    [Fact]
    public void Fused_multiply_adds_of_every_width_run_as_often_as_counted()
    {
        var expected = 0.001;
        for (var round = 0; round < 3; round++)
            expected = expected * 0.999 + 0.001;

        Assert.Contains(FmaKernel.Widths, kernel => kernel.Lanes == Vector<float>.Count);
        Assert.All(FmaKernel.Widths, kernel =>
        {
            // Twelve accumulators with this value in every lane.
            Assert.Equal(12 * kernel.Lanes * expected, kernel.Run(3), 4);
            Assert.Equal(2 * 12 * kernel.Lanes, kernel.FlopsPerRound);
        });
        Assert.Equal(FmaKernel.Widths.Select(kernel => kernel.Bits).Distinct().Order(), FmaKernel.Widths.Select(kernel => kernel.Bits));
    }

    [Fact]
    public void A_tile_multiplies_its_panels_as_often_as_counted()
    {
        var tile = TileKernel.Widest;

        // Every multiply-add adds 0.001 x 0.001 to some element.
        Assert.Equal(3 * tile.FlopsPerRound / 2 * 1e-6, tile.Run(3), 4);
    }

    [Fact]
    public void A_team_runs_the_work_once_on_every_thread()
    {
        using var team = new ThreadTeam(3);
        var counts = new int[3];
        for (var round = 0; round < 50; round++)
            team.Seconds(thread => counts[thread]++);

        Assert.Equal([50, 50, 50], counts);
    }

    static float[] Ramp() => [.. Enumerable.Range(0, Length).Select(index => (float)index)];
}

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

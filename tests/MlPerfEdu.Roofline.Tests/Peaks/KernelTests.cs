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

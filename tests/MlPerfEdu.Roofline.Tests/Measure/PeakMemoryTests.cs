using System.Runtime.InteropServices;
using MlPerfEdu.Roofline.Measure;

namespace MlPerfEdu.Roofline.Tests.Measure;

public class PeakMemoryTests
{
    const int Block = 256 << 20;

    [Fact]
    public void A_peak_outlives_its_block_and_is_not_the_next_ones()
    {
        using var peak = PeakMemory.Start();
        using var sampled = PeakMemory.StartSampling();
        Hold(() => sampled.Bytes());
        var during = peak.Bytes();

        Assert.True(during > Block, $"{during} bytes");
        // What is looked at now and then, too, is kept after the block has gone; the system counts the two apart.
        Assert.InRange(sampled.Bytes(), Block, during + Block / 4);
        using var next = PeakMemory.Start();
        // Other tests take and free memory meanwhile, but not that much.
        Assert.InRange(next.Bytes(), 1, during - Block / 2);
    }

    [Fact]
    public void A_working_set_is_looked_at_without_being_asked()
    {
        using var sampled = PeakMemory.StartSampling();
        var before = sampled.Bytes();
        Hold(() => Thread.Sleep(1000));

        Assert.True(sampled.Bytes() > before + Block / 2, $"{before} bytes, then {sampled.Bytes()}");
        Assert.Equal(PeakMemory.Sampled, sampled.From);
    }

    [Fact]
    public void Says_how_it_was_found()
    {
        using var peak = PeakMemory.Start();
        Assert.Contains(peak.From, new[] { PeakMemory.Kept, PeakMemory.Sampled });
        if (!OperatingSystem.IsLinux())
            Assert.Equal(PeakMemory.Sampled, peak.From);
    }

    static unsafe void Hold(Action work)
    {
        var block = NativeMemory.Alloc(Block);
        NativeMemory.Fill(block, Block, 1);
        work();
        NativeMemory.Free(block);
    }
}

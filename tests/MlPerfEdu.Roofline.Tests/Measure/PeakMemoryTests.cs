using System.Runtime.InteropServices;
using MlPerfEdu.Roofline.Measure;

namespace MlPerfEdu.Roofline.Tests.Measure;

public class PeakMemoryTests
{
    const int Block = 256 << 20;

    [Fact]
    public unsafe void A_peak_outlives_its_block_until_it_is_started_anew()
    {
        var block = NativeMemory.Alloc(Block);
        NativeMemory.Fill(block, Block, 1);
        var during = PeakMemory.Bytes();
        NativeMemory.Free(block);

        Assert.True(during > Block, $"{during} bytes");
        if (!PeakMemory.Restart())
            return;
        // Other tests take and free memory meanwhile, but not that much.
        Assert.InRange(PeakMemory.Bytes(), 1, during - Block / 2);
    }
}

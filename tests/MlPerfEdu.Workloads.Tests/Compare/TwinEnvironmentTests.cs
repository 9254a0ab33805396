using MlPerfEdu.Workloads.Compare;

namespace MlPerfEdu.Workloads.Tests.Compare;

public class TwinEnvironmentTests
{
    [Fact]
    public void The_twin_gets_the_threads_and_the_malloc_of_this_process()
    {
        var environment = TwinEnvironment.Of(3);

        Assert.All(["OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"], name => Assert.Equal("3", environment[name]));
        Assert.Equal($"{1 << 30}", environment["MALLOC_MMAP_THRESHOLD_"]);
        Assert.Equal($"{1 << 30}", environment["MALLOC_TRIM_THRESHOLD_"]);
        Assert.Equal($"{64 << 20}", environment["MALLOC_TOP_PAD_"]);
    }
}

using MlPerfEdu.Workloads.Compare;

namespace MlPerfEdu.Workloads.Tests.Compare;

public class TwinEnvironmentTests
{
    [Fact]
    public void The_twin_gets_the_threads_the_blas_and_the_malloc_of_this_process()
    {
        var folder = Directory.CreateTempSubdirectory("mlperfedu-blas-").FullName;
        var (blas, openBlas) = (Path.Combine(folder, "libblas.so.3"), Path.Combine(folder, "libopenblas.so.0"));
        File.WriteAllText(blas, "");
        File.WriteAllText(openBlas, "");
        var environment = TwinEnvironment.Of(3, blas, name => name == "LD_PRELOAD" ? "/lib/other.so" : null);
        Directory.Delete(folder, recursive: true);

        Assert.All(["OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"], name => Assert.Equal("3", environment[name]));
        if (!OperatingSystem.IsLinux())
            return;
        Assert.Equal($"{blas}:{openBlas}:/lib/other.so", environment["LD_PRELOAD"]);
        Assert.Equal($"{1 << 30}", environment["MALLOC_MMAP_THRESHOLD_"]);
        Assert.Equal($"{1 << 30}", environment["MALLOC_TRIM_THRESHOLD_"]);
        Assert.Equal($"{64 << 20}", environment["MALLOC_TOP_PAD_"]);
    }

    [Fact]
    public void A_provider_that_keeps_its_blas_to_itself_leaves_it_alone() =>
        Assert.DoesNotContain("LD_PRELOAD", TwinEnvironment.Of(2, null, _ => null).Keys);
}

using MlPerfEdu.Catalog;
using MlPerfEdu.Engine;
using MlPerfEdu.Engine.Running;
using Classify = MlPerfEdu.Roofline.Classify;

namespace MlPerfEdu.Workloads.Tests.Cli;

public class BenchTests
{
    [Fact]
    public void Every_edge_is_the_declared_one()
    {
        var declared = new Thresholds(new(0.1, 3), new(0.2, 4), new(0.3, 0.5, 0.6));
        using var bench = new MeasuringBench(new Repository(Path.GetTempPath()), declared);

        Assert.Equal(new Classify.RegimeThresholds(new(0.1, 3), new(0.2, 4), new(0.3, 0.5, 0.6)), bench.Thresholds);
    }
}

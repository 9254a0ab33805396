using MlPerfEdu.Roofline.Classify;
using MlPerfEdu.Roofline.Evidence;

namespace MlPerfEdu.Roofline.Tests.Evidence;

public class RoofShiftTests
{
    static readonly EvidenceRecord Baseline = Sample.Evidence();

    [Theory]
    [InlineData(1, false)]
    [InlineData(1.49, false)]
    [InlineData(1 / 1.49, false)]
    [InlineData(1.51, true)]
    [InlineData(1 / 1.51, true)]
    public void Roofs_half_as_high_again_are_others(double slowness, bool shifted) =>
        Assert.Equal(shifted, RoofShift.Between(Baseline, Measured(slowness)) is not null);

    [Fact]
    public void It_names_the_roof_with_both_heights()
    {
        var before = Roofs(Baseline);
        var text = RoofShift.Between(Baseline, Measured(2));

        Assert.Equal(
            FormattableString.Invariant($"the compute roof is at {before.Compute.Middle / 2e9:0.0} GFLOP/s, and was at {before.Compute.Middle / 1e9:0} GFLOP/s"),
            text);
    }

    [Fact]
    public void The_memory_roof_counts_too()
    {
        var slow = Sample.Measurement(0.04);
        var now = Baseline with
        {
            Measurement = slow with
            {
                Rounds = [.. slow.Rounds.Select(round => round with
                {
                    Calibration = round.Calibration with
                    {
                        MemoryTriadBytes = round.Calibration.MemoryTriadBytes / 2, CacheTriadBytes = round.Calibration.CacheTriadBytes / 2,
                    },
                })],
            },
        };

        Assert.StartsWith("the memory roof", RoofShift.Between(Baseline, now), StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_not_measured_has_no_roofs() =>
        Assert.Null(RoofShift.Between(Baseline, Baseline with { Measurement = Sample.Measurement(0.04) with { Rounds = [] } }));

    static EvidenceRecord Measured(double slowness) => Baseline with { Measurement = Sample.Measurement(0.04, slowness) };

    static RooflinePoint Roofs(EvidenceRecord record) =>
        RooflinePoint.From(record.Count, record.Measurement, record.Peaks, record.Regimes[RegimeAxis.WorkingSet].Value)!;
}

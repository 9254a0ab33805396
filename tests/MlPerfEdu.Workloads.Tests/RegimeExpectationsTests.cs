using MlPerfEdu.Generator;
using MlPerfEdu.Roofline.Classify;
using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Workloads.Running;
using Axis = MlPerfEdu.Roofline.Classify.RegimeAxis;

namespace MlPerfEdu.Workloads.Tests;

public class RegimeExpectationsTests
{
    static readonly WorkloadEntry Entry = SharedRuns.Entry("anomaly-ae-train");

    public static TheoryData<string> Classes => [.. Entry.Regimes.Keys];

    [Theory]
    [MemberData(nameof(Classes))]
    public void Committed_evidence_keeps_what_is_stated(string machineClass) =>
        Assert.All(Compare(Entry, Baseline(machineClass)), axis => Assert.Equal(RegimeOutcome.Kept, axis.Value.Outcome));

    [Theory]
    [InlineData(Axis.WorkingSet)]
    [InlineData(Axis.ArithmeticIntensity)]
    [InlineData(Axis.Dispatch)]
    public void A_statement_that_its_evidence_does_not_show_fails_whatever_was_measured(Axis axis)
    {
        var (machineClass, block) = Entry.Regimes.First();
        var baseline = Baseline(machineClass);
        var shown = baseline.Regimes[axis].Value;
        foreach (var other in RegimeNames.ValuesOf(axis).Where(value => value != shown))
        {
            var edited = Entry with { Regimes = new Dictionary<string, RegimeBlock> { [machineClass] = Edited(block, axis, other.Name()) } };
            foreach (var measured in RegimeNames.ValuesOf(axis))
            {
                var comparisons = Compare(edited, Measured(baseline, axis, measured));

                Assert.True(comparisons[axis].Fails, $"{other} stated, {measured} measured");
                Assert.Contains($"measured {measured.Name()}, expected {other.Name()}", comparisons[axis].Message, StringComparison.Ordinal);
                Assert.Contains($"({EvidenceFile.Name(baseline)}) shows {shown.Name()}", comparisons[axis].Message, StringComparison.Ordinal);
                Assert.All(comparisons.Where(of => of.Key != axis), of => Assert.Equal(RegimeOutcome.Kept, of.Value.Outcome));
            }
        }
    }

    [Fact]
    public void Without_a_baseline_nothing_is_expected() => Assert.All(
        Compare(Entry with { Regimes = new Dictionary<string, RegimeBlock>() }, Baseline(Entry.Regimes.Keys.First())),
        axis => Assert.Equal(RegimeOutcome.NoBaseline, axis.Value.Outcome));

    static IReadOnlyDictionary<Axis, RegimeComparison> Compare(WorkloadEntry entry, EvidenceRecord evidence) =>
        RegimeExpectations.Compare(SharedRuns.Repository, entry, evidence);

    static EvidenceRecord Baseline(string machineClass) =>
        EvidenceFile.Read(Path.Combine(SharedRuns.Repository.Root, Entry.Regimes[machineClass].EvidenceSidecar));

    static EvidenceRecord Measured(EvidenceRecord record, Axis axis, RegimeValue value)
    {
        var verdict = record.Regimes[axis] with { Value = value };
        return record with
        {
            Regimes = axis switch
            {
                Axis.WorkingSet => record.Regimes with { WorkingSet = verdict },
                Axis.ArithmeticIntensity => record.Regimes with { ArithmeticIntensity = verdict },
                _ => record.Regimes with { Dispatch = verdict },
            },
        };
    }

    static RegimeBlock Edited(RegimeBlock block, Axis axis, string value) => axis switch
    {
        Axis.WorkingSet => block with { WorkingSet = block.WorkingSet with { Value = value } },
        Axis.ArithmeticIntensity => block with { ArithmeticIntensity = block.ArithmeticIntensity with { Value = value } },
        _ => block with { Dispatch = block.Dispatch with { Value = value } },
    };
}

using MlPerfEdu.Catalog;
using MlPerfEdu.Engine;
using MlPerfEdu.Engine.Running;
using MlPerfEdu.Roofline.Classify;
using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Workloads.Tests.Cli;
using Axis = MlPerfEdu.Contract.RegimeAxis;

namespace MlPerfEdu.Workloads.Tests;

public sealed class RegimeExpectationsTests : IDisposable
{
    const string At = "2026-01-31T12-00-00Z";

    readonly Clone clone = new();

    public RegimeExpectationsTests()
    {
        clone.Measured(Clone.First, At);
        Assert.Equal(0, Answer.To(clone, "accept first-workload").Exit);
    }

    ModelEntry Entry => clone.Entry(Clone.First);

    EvidenceRecord Baseline => EvidenceFile.Read(Path.Combine(clone.Repository.Root, Entry.Regimes[SampleEvidence.MachineClass].EvidenceSidecar));

    public void Dispose() => clone.Dispose();

    [Fact]
    public void Committed_evidence_keeps_what_is_stated()
    {
        Kept(clone.Repository, Entry);
        Assert.All(ThisClone.Catalog.Models, entry => Kept(ThisClone.Repository, entry));

        static void Kept(Repository repository, ModelEntry entry) => Assert.All(entry.Regimes.Values, block => Assert.All(
            RegimeExpectations.Compare(repository, entry, EvidenceFile.Read(Path.Combine(repository.Root, block.EvidenceSidecar))),
            axis => Assert.Equal(RegimeOutcome.Kept, axis.Value.Outcome)));
    }

    [Theory]
    [InlineData(Axis.WorkingSet)]
    [InlineData(Axis.ArithmeticIntensity)]
    [InlineData(Axis.Dispatch)]
    public void A_statement_that_its_evidence_does_not_show_fails_whatever_was_measured(Axis axis)
    {
        var (machineClass, block) = Entry.Regimes.Single();
        var baseline = Baseline;
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
    public void Without_a_baseline_of_the_machine_class_nothing_is_expected()
    {
        var elsewhere = SampleEvidence.On(Baseline, SampleEvidence.Facts with { Isa = ["avx512f"] });

        Assert.All(Compare(Entry, elsewhere), axis =>
        {
            Assert.Equal(RegimeOutcome.NoBaseline, axis.Value.Outcome);
            Assert.False(axis.Value.Fails);
        });
        Assert.Equal(["portable", SampleEvidence.MachineClass], Folders(Baseline));
        Assert.Equal(["portable"], Folders(elsewhere));

        IEnumerable<string?> Folders(EvidenceRecord evidence) =>
            Snapshots.Of(clone.Repository, Entry, evidence).Select(snapshot => Path.GetFileName(snapshot.Folder));
    }

    IReadOnlyDictionary<Axis, RegimeComparison> Compare(ModelEntry entry, EvidenceRecord evidence) =>
        RegimeExpectations.Compare(clone.Repository, entry, evidence);

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

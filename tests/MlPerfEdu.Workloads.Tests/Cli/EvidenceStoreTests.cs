using MlPerfEdu.Cli;
using MlPerfEdu.Roofline.Evidence;

namespace MlPerfEdu.Workloads.Tests.Cli;

public class EvidenceStoreTests
{
    // A thousand entries beside ten thousand sidecars would list ten million files.
    [Fact]
    public void The_folders_are_listed_once_for_all_ids()
    {
        const string Older = "2026-01-30T12-00-00Z", Newer = "2026-01-31T12-00-00Z";
        using var clone = new Clone();
        clone.Measured(Clone.First, Older);
        var store = new EvidenceStore(clone.Repository, ThisClone.Catalog);
        Assert.Null(store.Newest<EvidenceRecord>(Clone.Second));
        clone.Measured(Clone.First, Newer);
        Assert.Equal(Older, store.Newest<EvidenceRecord>(Clone.First)?.Record.MeasuredAt);
        Assert.Equal(Newer, new EvidenceStore(clone.Repository, ThisClone.Catalog).Newest<EvidenceRecord>(Clone.First)?.Record.MeasuredAt);
    }
}

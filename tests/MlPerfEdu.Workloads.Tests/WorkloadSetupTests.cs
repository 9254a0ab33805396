using MlPerfEdu.Catalog;
using MlPerfEdu.Data;
using MlPerfEdu.Engine;

namespace MlPerfEdu.Workloads.Tests;

public class WorkloadSetupTests
{
    public static TheoryData<string> Ids => [.. ThisClone.Catalog.Workloads.Select(entry => entry.Id)];

    // An environment is simulated: there is nothing to read.
    [Theory]
    [MemberData(nameof(Ids))]
    public void All_data_sets_of_a_workload_have_readers_of_one_kind(string id)
    {
        var sets = ThisClone.Entry(id).Data.Select(choice => choice.Dataset).Where(set => set != "cartpole").ToList();
        var kinds = sets.Select(DataReaders.KindOf).Distinct().ToList();
        Assert.DoesNotContain(null, kinds);
        Assert.Equal(sets.Count > 0 ? 1 : 0, kinds.Count);
    }

    [Theory]
    [InlineData("mnist", "reads text, and data set 'mnist' has none")]
    [InlineData("cartpole", "reads text, and data set 'cartpole' has none")]
    public void A_data_set_of_another_kind_is_refused_before_its_files_are_looked_for(string dataset, string message)
    {
        var entry = ThisClone.Entry("anomaly-ae-train");
        var setup = new WorkloadSetup(entry, entry.Data[0] with { Dataset = dataset }, DataStore.Open(new(null, "nowhere", Offline: true)));
        var refused = Assert.Throws<InvalidOperationException>(() => setup.Load<TextDataSet>());
        Assert.StartsWith($"Workload 'anomaly-ae-train' (workloads.yaml line {entry.Data[0].Line}) {message}. ", refused.Message);
    }
}

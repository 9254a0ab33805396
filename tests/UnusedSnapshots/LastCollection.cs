namespace MlPerfEdu.UnusedSnapshots;

/// <summary>Runs after every other collection: beside none of those that run in parallel, and behind those that do not.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class LastCollection : ITestCollectionOrderer
{
    public const string Name = "Unused snapshots";

    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) =>
        testCollections.OrderBy(collection => collection.DisplayName == Name);
}

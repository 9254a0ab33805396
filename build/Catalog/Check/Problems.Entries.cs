namespace MlPerfEdu.Generator;

// What the values say together.
internal sealed partial class Problems
{
    public void UnsupportedSchema(YamlScalar value, int supported) => Add("MLP0040", value.Start,
        $"Found schema {Quoted.Of(value.Text)}. Expected {supported}, which this build reads. Use the matching version of the project.");

    public void ThresholdOrder(YamlNode at, string low, double lowValue, string high, double highValue) => Add("MLP0041", at.Start,
        $"Found {low} {lowValue} and {high} {highValue}. Expected the first below the second. Exchange or correct them.");

    public void DuplicateWorkload(YamlScalar id, string suite, Position earlier) => Add("MLP0042", id.Start,
        $"Found workload {Quoted.Of(id.Text)} again in suite '{suite}'; it is at line {earlier.Line}, column {earlier.Column} already. " +
        "Expected each id once over all suites. Rename one of them.");

    public void ClassNameCollision(YamlScalar id, string className, string otherId, Position other) => Add("MLP0043", id.Start,
        $"Found workload {Quoted.Of(id.Text)}, whose test class '{className}' differs from that of '{otherId}' (line {other.Line}) " +
        "at most in case. Expected names that stay apart on every file system. Rename one of them.");

    public void UnknownDataset(YamlScalar id, IReadOnlyList<string> known) => Add("MLP0044", id.Start,
        $"Found the data set {Quoted.Of(id.Text)}. Expected one of datasets.yaml: {Quoted.Each(known)}. " +
        Suggest(id.Text, known, "Add it to datasets.yaml or choose one of these"));

    public void DatasetTwice(YamlScalar id, Position earlier) => Add("MLP0045", id.Start,
        $"Found the data set {Quoted.Of(id.Text)} again; it is at line {earlier.Line} already. " +
        "Expected each once per workload, as the first at hand is used. Delete one of the two.");

    public void BoundMissing(Position at, string what) => Add("MLP0046", at,
        $"Found no bound in {what}. Expected at_least or at_most. Add the one that the metric needs.");

    public void TwoBounds(YamlScalar second, string what) => Add("MLP0047", second.Start,
        $"Found at_least and at_most in {what}. Expected one of them. Delete one; a second bound is an item of 'also'.");

    public void WithoutEffect(Position at, string key, string owner, string reason) => Add("MLP0048", at,
        $"Found '{key}' in {owner}, where {reason}. Expected only keys that have an effect. Delete it.");

    public void NoWorkloads(Position at) => Add("MLP0049", at,
        "Found no workload in any suite. Expected at least one. Add an entry (build/README.md shows one).");

    public void UnknownCheckpoint(YamlScalar id, IReadOnlyList<string> trained) => Add("MLP0051", id.Start,
        $"Found the shared checkpoint {Quoted.Of(id.Text)}. Expected the id of a workload that trains: {Quoted.Each(trained)}. " +
        Suggest(id.Text, trained, "Add that workload or name one of these"));

    public void ReservedName(YamlScalar id, string what) => Add("MLP0050", id.Start,
        $"Found {Quoted.Of(id.Text)} as {what}, a device name on Windows. Expected a name that can be a file name everywhere. Rename it.");

    public void OperationTwice(YamlScalar id, string owner, Position earlier) => Add("MLP0052", id.Start,
        $"Found the operation {Quoted.Of(id.Text)} again in {owner}; it is at line {earlier.Line} already. " +
        "Expected each once per module, as a row is found by it. Rename one of them.");
}

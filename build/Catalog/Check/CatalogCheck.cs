namespace MlPerfEdu.Generator;

/// <summary>Turns a tree into a catalog and reports everything that is wrong with it on the way.</summary>
/// <param name="datasets">The ids of datasets.yaml; null leaves references to data sets unchecked.</param>
/// <param name="isWhole">Nothing of the file was left out, so an id that is not there is a mistake.</param>
internal sealed class CatalogCheck(IReadOnlyList<string>? datasets, bool isWhole, Problems problems)
{
    public WorkloadCatalog Read(YamlNode root, string file, string sha256)
    {
        var fields = new Fields(root, "the file", Known.Keys.Root, problems);
        CheckSchema(fields, Known.Schema, problems);
        var thresholds = ReadThresholds(fields.Required("thresholds"));
        return new(Known.Schema, thresholds, ReadSuites(fields.Required("suites")))
        {
            File = file,
            FileSha256 = sha256,
            SuitesLine = fields.LineOf("suites"),
        };
    }

    public static void CheckSchema(Fields root, int supported, Problems problems)
    {
        if (root.Required("schema") is var field && field.Whole(NumberRange.NotNegative) != supported
            && field.Node is YamlScalar scalar && Field.IsNumber(scalar))
            problems.UnsupportedSchema(scalar, supported);
    }

    Thresholds ReadThresholds(Field field)
    {
        var thresholds = field.Fields("thresholds", Known.Keys.Thresholds);
        var workingSet = Axis("working_set", Known.Keys.WorkingSetThresholds);
        var intensity = Axis("arithmetic_intensity", Known.Keys.IntensityThresholds);
        var dispatch = Axis("dispatch", Known.Keys.DispatchThresholds);
        var (resident, dram) = Ordered(workingSet, "resident_llc_fraction", "dram_llc_multiple", NumberRange.Positive);
        var (lowRidge, highRidge) = Ordered(intensity, "low_ridge_multiple", "high_ridge_multiple", NumberRange.Positive);
        var (below, from) = Ordered(dispatch, "dispatch_below", "saturated_from", NumberRange.Fraction);
        return new(new(resident, dram), new(lowRidge, highRidge), new(below, from, dispatch.Required("explained_share").Number(NumberRange.Fraction)));

        Fields Axis(string key, string[] known) => thresholds.Required(key).Fields($"thresholds.{key}", known);
    }

    (double Low, double High) Ordered(Fields axis, string low, string high, NumberRange range)
    {
        double lowValue = axis.Required(low).Number(range), highValue = axis.Required(high).Number(range);
        // A 0 stands for a value that was refused already.
        if (lowValue > 0 && highValue > 0 && lowValue >= highValue)
            problems.ThresholdOrder(axis.Required(high).Node.Start, low, lowValue, high, highValue);
        return (lowValue, highValue);
    }

    List<CatalogEntry> ReadSuites(Field suites)
    {
        var entries = new List<CatalogEntry>();
        var names = new WorkloadNames(problems);
        var checkpoints = new List<YamlScalar>();
        foreach (var suite in Children(suites.Node, "suites"))
        {
            names.AddSuite(suite.Key);
            foreach (var pair in Children(suite.Value, $"suite {Quoted.Of(suite.Key.Text)}"))
            {
                names.Add(pair.Key, suite.Key.Text);
                var entry = new EntryCheck(pair, suite.Key.Text, datasets, problems).Read();
                entries.Add(entry);
                if (entry is InferenceEntry && ((YamlMapping)pair.Value).Find("shared_checkpoint")?.Value is YamlScalar id)
                    checkpoints.Add(id);
            }
        }
        if (isWhole)
            CheckCheckpoints(checkpoints, [.. entries.OfType<WorkloadEntry>().Select(entry => entry.Id)]);
        if (entries.Count == 0 && !problems.Any)
            problems.NoWorkloads(suites.Node.Start);
        return entries;
    }

    void CheckCheckpoints(IEnumerable<YamlScalar> checkpoints, IReadOnlyList<string> trained)
    {
        foreach (var id in checkpoints.Where(id => Names.IsId(id.Text) && !trained.Contains(id.Text)))
            problems.UnknownCheckpoint(id, trained);
    }

    IReadOnlyList<YamlPair> Children(YamlNode node, string what) => new Field(node, what, problems).Pairs("a mapping from ids to their contents");
}

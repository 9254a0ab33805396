namespace MlPerfEdu.Catalog;

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

    RegimeThresholds ReadThresholds(Field field)
    {
        var thresholds = field.Fields("thresholds", Known.Keys.Thresholds);
        var (resident, dram, _) = Edges(thresholds, AxisFormat.WorkingSet, NumberRange.Positive);
        var (lowRidge, highRidge, _) = Edges(thresholds, AxisFormat.ArithmeticIntensity, NumberRange.Positive);
        var (below, from, dispatch) = Edges(thresholds, AxisFormat.Dispatch, NumberRange.Fraction);
        var explained = dispatch.Required("explained_share").Number(NumberRange.Fraction);
        return new(new(resident, dram), new(lowRidge, highRidge), new(below, from, explained));
    }

    (double Low, double High, Fields Axis) Edges(Fields thresholds, AxisFormat axis, NumberRange range)
    {
        var fields = thresholds.Required(axis.Name).Fields($"thresholds.{axis.Name}", axis.Thresholds);
        var (lowKey, highKey) = (axis.Thresholds[0], axis.Thresholds[1]);
        double low = fields.Required(lowKey).Number(range), high = fields.Required(highKey).Number(range);
        // A 0 stands for a value that was refused already.
        if (low > 0 && high > 0 && low >= high)
            problems.ThresholdOrder(fields.Required(highKey).Node.Start, lowKey, low, highKey, high);
        return (low, high, fields);
    }

    List<CatalogEntry> ReadSuites(Field suites)
    {
        var entries = new List<CatalogEntry>();
        var names = new WorkloadNames(problems);
        var checkpoints = new List<(YamlScalar Id, string Model)>();
        foreach (var suite in Children(suites.Node, "suites"))
        {
            names.AddSuite(suite.Key);
            foreach (var pair in Children(suite.Value, $"suite {Quoted.Of(suite.Key.Text)}"))
            {
                names.Add(pair.Key, suite.Key.Text);
                var entry = new EntryCheck(pair, suite.Key.Text, datasets, problems).Read();
                entries.Add(entry);
                if (entry is ModelEntry { Model: var model } && (pair.Value as YamlMapping)?.Find("shared_checkpoint")?.Value is YamlScalar id)
                    checkpoints.Add((id, model));
            }
        }
        // One that begins with another's weights has none of its own to share.
        var trained = entries.OfType<WorkloadEntry>().Where(entry => entry.SharedCheckpoint is null).DistinctBy(entry => entry.Id).ToDictionary(entry => entry.Id, entry => entry.Model);
        foreach (var (id, model) in checkpoints.Where(one => isWhole && Names.IsId(one.Id.Text)))
        {
            if (!trained.TryGetValue(id.Text, out var other))
                problems.UnknownCheckpoint(id, [.. trained.Keys]);
            else if (!IsKin(model, other) && !IsKin(other, model))
                problems.OtherModelsWeights(id, model, other);
        }
        if (entries.Count == 0 && !problems.Any)
            problems.NoWorkloads(suites.Node.Start);
        return entries;
    }

    // nanogpt-88m is grown from nanogpt; what is no name was reported already.
    static bool IsKin(string model, string other) => model.Length == 0 || model == other || model.StartsWith(other + '-', StringComparison.Ordinal);

    IReadOnlyList<YamlPair> Children(YamlNode node, string what) =>
        new Field(node, what, problems).Pairs("a mapping from ids to their contents");
}

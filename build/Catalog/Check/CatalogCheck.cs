namespace MlPerfEdu.Generator;

/// <summary>Turns a tree into a catalog and reports everything that is wrong with it on the way.</summary>
internal static class CatalogCheck
{
    /// <param name="isWhole">Nothing of the file was left out, so an id that is not there is a mistake.</param>
    public static WorkloadCatalog Read(
        YamlNode root, SourceIdentity source, IReadOnlyList<string>? datasets, bool isWhole, Problems problems)
    {
        var fields = new Fields(root, "the file", Known.Keys.Root, problems);
        CheckSchema(fields, problems);
        var thresholds = ThresholdsCheck.Read(fields.Required("thresholds"), problems);
        var suites = fields.Required("suites");
        return new(Known.Schema, thresholds, ReadSuites(suites, datasets, isWhole, problems))
        {
            File = source.File,
            FileSha256 = source.Sha256,
            SuitesLine = fields.LineOf("suites"),
        };
    }

    static void CheckSchema(Fields root, Problems problems)
    {
        var before = root.Whole("schema", NumberRange.NotNegative);
        if (before != Known.Schema && root.Optional("schema") is YamlScalar { IsNull: false } scalar && Values.IsNumber(scalar))
            problems.UnsupportedSchema(scalar, Known.Schema);
    }

    static List<CatalogEntry> ReadSuites(YamlNode node, IReadOnlyList<string>? datasets, bool isWhole, Problems problems)
    {
        var entries = new List<CatalogEntry>();
        var names = new WorkloadNames(problems);
        var checkpoints = new List<YamlScalar>();
        foreach (var suite in Children(node, "suites", problems))
        {
            names.CheckSuite(suite.Key);
            foreach (var entry in Children(suite.Value, $"suite {Quoted.Of(suite.Key.Text)}", problems))
            {
                names.Add(entry.Key, suite.Key.Text);
                entries.Add(EntryCheck.Read(entry, suite.Key.Text, datasets, problems));
                if (entries[^1] is InferenceEntry && ((YamlMapping)entry.Value).Find("shared_checkpoint")?.Value is YamlScalar id)
                    checkpoints.Add(id);
            }
        }
        if (isWhole)
            CheckCheckpoints(checkpoints, [.. entries.OfType<WorkloadEntry>().Select(entry => entry.Id)], problems);
        if (entries.Count == 0 && !problems.Any)
            problems.NoWorkloads(node.Start);
        return entries;
    }

    static void CheckCheckpoints(IEnumerable<YamlScalar> checkpoints, IReadOnlyList<string> trained, Problems problems)
    {
        foreach (var id in checkpoints.Where(id => Names.IsId(id.Text) && !trained.Contains(id.Text)))
            problems.UnknownCheckpoint(id, trained);
    }

    static IReadOnlyList<YamlPair> Children(YamlNode node, string what, Problems problems)
    {
        if (node is YamlMapping mapping)
            return mapping.Pairs;
        new Values(problems).WrongKind(node, what, "a mapping from ids to their contents");
        return [];
    }
}

/// <summary>Where a catalog comes from.</summary>
internal sealed record SourceIdentity(string File, string Sha256);

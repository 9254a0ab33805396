namespace MlPerfEdu.Generator;

/// <summary>Turns a tree into a catalog and reports everything that is wrong with it on the way.</summary>
internal static class CatalogCheck
{
    public static WorkloadCatalog Read(YamlNode root, SourceIdentity source, IReadOnlyList<string>? datasets, Problems problems)
    {
        var fields = new Fields(root, "the file", Known.Keys.Root, problems);
        CheckSchema(fields, problems);
        var thresholds = ThresholdsCheck.Read(fields.Required("thresholds"), problems);
        var suites = fields.Required("suites");
        return new(Known.Schema, thresholds, ReadSuites(suites, datasets, problems))
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

    static List<CatalogEntry> ReadSuites(YamlNode node, IReadOnlyList<string>? datasets, Problems problems)
    {
        var entries = new List<CatalogEntry>();
        var names = new WorkloadNames(problems);
        foreach (var suite in Children(node, "suites", problems))
        {
            names.CheckSuite(suite.Key);
            foreach (var entry in Children(suite.Value, $"suite {Quoted.Of(suite.Key.Text)}", problems))
            {
                names.Add(entry.Key, suite.Key.Text);
                entries.Add(EntryCheck.Read(entry, suite.Key.Text, datasets, problems));
            }
        }
        if (entries.Count == 0 && !problems.Any)
            problems.NoWorkloads(node.Start);
        return entries;
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

namespace MlPerfEdu.Generator;

internal static class DataCheck
{
    public static IReadOnlyList<DataChoice> Read(
        IReadOnlyList<YamlNode> items, YamlNode recipe, string workload, IReadOnlyList<string>? datasets, Problems problems)
    {
        var choices = new List<DataChoice>();
        var seen = new Dictionary<string, Position>();
        foreach (var item in items)
        {
            var fields = new Fields(item, $"the data of {workload}", Known.Keys.DataChoice, problems);
            choices.Add(ReadChoice(fields, recipe, workload, problems));
            if (fields.Optional("dataset") is YamlScalar { IsNull: false } id)
                CheckDataset(id, datasets, seen, problems);
        }
        return choices;
    }

    static void CheckDataset(YamlScalar id, IReadOnlyList<string>? datasets, Dictionary<string, Position> seen, Problems problems)
    {
        if (!seen.TryAdd(id.Text, id.Start))
            problems.DatasetTwice(id, seen[id.Text]);
        if (datasets is not null && Names.IsId(id.Text) && !datasets.Contains(id.Text))
            problems.UnknownDataset(id, datasets);
    }

    static DataChoice ReadChoice(Fields fields, YamlNode recipe, string workload, Problems problems)
    {
        var changes = fields.Optional("recipe");
        var owner = $"the recipe of {workload}";
        return new()
        {
            Dataset = fields.Id("dataset"),
            Tier = fields.OneOf("tier", Known.DataTiers),
            QualityTarget = ReadTarget(
                fields.Required("quality_target"), $"the quality_target of {workload}", fields.LineOf("quality_target"), problems),
            Also = [.. fields.OptionalItems("also").Select(item => ReadTarget(item, $"'also' of {workload}", item.Start.Line, problems))],
            Recipe = changes is null
                ? RecipeCheck.Read(recipe, owner, problems)
                : ReadChangedRecipe(changes, fields, recipe, owner, problems),
            OverridesRecipe = changes is not null,
            Reference = fields.Optional("reference") is { } reference ? ReadReference(reference, workload, problems) : null,
            Note = fields.OptionalText("note"),
            Line = fields.Node.Start.Line,
        };
    }

    /// <summary>The entry's recipe with what differs here.</summary>
    public static Recipe ReadChangedRecipe(YamlNode changes, Fields fields, YamlNode recipe, string owner, Problems problems)
    {
        // The merged recipe cannot tell changes that are no mapping or are empty from none.
        _ = new Fields(changes, fields.Named("recipe"), Known.Keys.Recipe, problems);
        return RecipeCheck.Read(RecipeCheck.Override(recipe, changes), owner, problems);
    }

    public static QualityTarget ReadTarget(YamlNode node, string owner, int line, Problems problems)
    {
        var fields = new Fields(node, owner, Known.Keys.QualityTarget, problems);
        var metric = fields.Word("metric");
        var atLeast = fields.OptionalNumber("at_least", NumberRange.Any);
        var atMost = fields.OptionalNumber("at_most", NumberRange.Any);
        if (atLeast is null && atMost is null)
        {
            if (fields.Node is YamlMapping { IsIncomplete: false })
                problems.BoundMissing(fields.Node.Start, owner);
        }
        else if (atLeast is not null && atMost is not null)
            problems.TwoBounds(((YamlMapping)fields.Node).Find("at_most")!.Key, owner);
        return atMost is { } most
            ? new(metric, Direction.AtMost, most, line)
            : new(metric, Direction.AtLeast, atLeast ?? 0, line);
    }

    public static Reference ReadReference(YamlNode node, string workload, Problems problems)
    {
        var fields = new Fields(node, $"the reference of {workload}", Known.Keys.Reference, problems);
        var values = new Values(problems);
        var seedItems = fields.Items("seeds");
        var seeds = seedItems.Select(item => values.Whole(item, fields.Named("seeds"), NumberRange.Seed)).ToList();
        foreach (var repeated in seedItems.OfType<YamlScalar>().GroupBy(item => item.Text).SelectMany(group => group.Skip(1)))
            problems.RepeatedItem(repeated, fields.Named("seeds"));
        var reached = Numbers("values", fields.Items("values"), NumberRange.Any);
        var seconds = Numbers("seconds", fields.OptionalItems("seconds"), NumberRange.Positive);
        return new(seeds, reached, seconds);

        IReadOnlyList<double> Numbers(string key, IReadOnlyList<YamlNode> items, NumberRange range)
        {
            var isWhole = fields.Optional(key) is YamlSequence { IsIncomplete: false };
            if (isWhole && items.Count > 0 && seeds.Count > 0 && items.Count != seeds.Count)
                problems.WrongLength(fields.Required(key).Start, fields.Named(key), items.Count, seeds.Count);
            return [.. items.Select(item => values.Number(item, fields.Named(key), range))];
        }
    }
}

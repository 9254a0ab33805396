namespace MlPerfEdu.Catalog;

/// <summary>Reads the data sets of a workload with their targets, and what the original's recipe reached.</summary>
internal static class DataCheck
{
    public static IReadOnlyList<DataChoice> Read(IReadOnlyList<Field> items, Field recipe, string workload, IReadOnlyList<string>? datasets)
    {
        var choices = new List<DataChoice>();
        var seen = new Dictionary<string, Position>();
        foreach (var item in items)
        {
            var fields = item.Fields($"the data of {workload}", Known.Keys.DataChoice);
            choices.Add(ReadChoice(fields, recipe, workload));
            if (fields.Optional("dataset") is not { Node: YamlScalar { IsNull: false } id })
                continue;
            if (!seen.TryAdd(id.Text, id.Start))
                item.Problems.DatasetTwice(id, seen[id.Text]);
            if (datasets is not null && Names.IsId(id.Text) && !datasets.Contains(id.Text))
                item.Problems.UnknownDataset(id, datasets);
        }
        return choices;
    }

    public static ClosedDivision ReadClosed(Field closed, Field recipe, string workload)
    {
        var fields = closed.Fields($"the closed division of {workload}", Known.Keys.Closed);
        return new(
            RecipeCheck.ReadChanged(fields.Required("recipe"), recipe, $"the closed recipe of {workload}"),
            ReadReference(fields.Optional("reference"), workload));
    }

    static DataChoice ReadChoice(Fields fields, Field recipe, string workload)
    {
        var changes = fields.Optional("recipe");
        var owner = $"the recipe of {workload}";
        var target = ReadTarget(fields.Required("quality_target"), $"the quality_target of {workload}", fields.LineOf("quality_target"));
        QualityTarget[] also = [.. (fields.Optional("also")?.Items() ?? []).Select(item => ReadTarget(item, $"'also' of {workload}", item.Node.Start.Line))];
        CheckTogether([target, .. also], recipe.Problems);
        return new()
        {
            Dataset = fields.Required("dataset").Id(),
            Tier = fields.Required("tier").OneOf(Known.DataTiers),
            QualityTarget = target,
            Also = also,
            Recipe = changes is null ? RecipeCheck.Read(recipe, owner) : RecipeCheck.ReadChanged(changes, recipe, owner),
            OverridesRecipe = changes is not null,
            Reference = ReadReference(fields.Optional("reference"), workload),
            Note = fields.Optional("note")?.Text(),
            Line = fields.Mapping.Start.Line,
        };
    }

    public static QualityTarget ReadTarget(Field field, string owner, int line)
    {
        var fields = field.Fields(owner, Known.Keys.QualityTarget);
        var metric = fields.Required("metric").Word();
        var atLeast = fields.Optional("at_least")?.Number(IsShare(metric) ? NumberRange.Fraction : NumberRange.Limit);
        var atMost = fields.Optional("at_most")?.Number(IsShare(metric) ? NumberRange.Decay : NumberRange.Limit);
        if (atLeast is null && atMost is null && !fields.Mapping.IsIncomplete)
            field.Problems.BoundMissing(fields.Mapping.Start, owner);
        if (atLeast is not null && atMost is not null)
            field.Problems.TwoBounds(fields.Mapping.Find("at_most")!.Key, owner);
        return atMost is { } most ? new(metric, QualityBound.AtMost, most, line) : new(metric, QualityBound.AtLeast, atLeast ?? 0, line);
    }

    /// <summary>Bounds of one metric that no value, or every value that another bound allows, meets.</summary>
    public static void CheckTogether(IReadOnlyList<QualityTarget> targets, Problems problems)
    {
        foreach (var same in targets.Where(target => target.Metric.Length > 0).GroupBy(target => target.Metric).Where(same => same.Count() > 1))
        {
            if (same.GroupBy(target => target.Bound).FirstOrDefault(bound => bound.Count() > 1) is { } twice)
                problems.BoundTwice(twice.ElementAt(1).Line, same.Key, twice.First().Line);
            else if (same.Single(target => target.Bound == QualityBound.AtLeast).Limit > same.Single(target => target.Bound == QualityBound.AtMost).Limit)
                problems.BoundsExclude(same.Last().Line, same.Key, same.First().Line);
        }
    }

    // A bound of 0 or 1 on the wrong side says nothing of a share, and one beyond them cannot be met.
    static bool IsShare(string metric) => metric.Contains("accuracy", StringComparison.Ordinal) || metric is "auroc" or "acceptance" or "pass_at_1";

    static Reference? ReadReference(Field? field, string workload)
    {
        if (field is null)
            return null;
        var fields = field.Fields($"the reference of {workload}", Known.Keys.Reference);
        var seeds = fields.Required("seeds").Items();
        foreach (var repeated in seeds.Select(seed => seed.Node).OfType<YamlScalar>().GroupBy(seed => seed.Text).SelectMany(same => same.Skip(1)))
            field.Problems.RepeatedItem(repeated, seeds[0].Name);
        return new(
            [.. seeds.Select(seed => seed.Whole(NumberRange.Seed))],
            Numbers(fields.Required("values"), NumberRange.Any),
            Numbers(fields.Optional("seconds"), NumberRange.Positive),
            [.. Items(fields.Optional("samples")).Select(item => item.Whole(NumberRange.Count))]);

        IReadOnlyList<double> Numbers(Field? list, NumberRange range) => [.. Items(list).Select(item => item.Number(range))];

        IReadOnlyList<Field> Items(Field? list)
        {
            var items = list?.Items() ?? [];
            if (list?.Node is YamlSequence { IsIncomplete: false } && items.Count > 0 && seeds.Count > 0 && items.Count != seeds.Count)
                field.Problems.WrongLength(list.Node.Start, list.Name, items.Count, seeds.Count);
            return items;
        }
    }
}

/// <summary>Reads the measured regimes of an entry: one block per machine class.</summary>
internal static partial class RegimeCheck
{
    /// <summary>Without a value there is no baseline yet.</summary>
    public static IReadOnlyDictionary<string, RegimeBlock> Read(Field? regime, string workload)
    {
        var blocks = new SortedDictionary<string, RegimeBlock>(StringComparer.Ordinal);
        if (regime is null or { Node: YamlScalar { IsNull: true } })
            return blocks;
        foreach (var (key, block) in regime.Pairs("a mapping from machine class to its block"))
        {
            var machineClass = new Field(key, $"a machine class of {workload}", regime.Problems).Id();
            blocks[machineClass] = ReadBlock(
                regime with { Node = block }, $"the regime of {workload} on {Quoted.Of(machineClass)}", key.Start.Line);
        }
        return blocks;
    }

    static RegimeBlock ReadBlock(Field block, string owner, int line)
    {
        var fields = block.Fields(owner, Known.Keys.Regime);
        return new(
            Axis(AxisFormat.WorkingSet),
            Axis(AxisFormat.ArithmeticIntensity),
            Axis(AxisFormat.Dispatch),
            fields.Required("evidence_sidecar").Formatted("a relative path of plain folder and file names that ends in .json", Sidecar().IsMatch),
            fields.Required("evidence_sha256").Formatted("64 hexadecimal digits in lower case", Digest().IsMatch),
            fields.Required("measured_at").Formatted("a UTC time such as 2026-01-31T23-59-59Z", Time().IsMatch),
            line);

        AxisBaseline Axis(AxisFormat axis)
        {
            var parts = fields.Required(axis.Name).Fields($"'{axis.Name}' in {owner}", axis.Keys);
            return new(
                parts.Required("value").OneOf(axis.Values), parts.Required(axis.Number).Number(NumberRange.NotNegative), fields.LineOf(axis.Name));
        }
    }

    [GeneratedRegex(@"^([A-Za-z0-9_-][A-Za-z0-9._-]*/)*[A-Za-z0-9_-][A-Za-z0-9._-]*\.json\z")]
    private static partial Regex Sidecar();
    [GeneratedRegex(@"^[0-9a-f]{64}\z")]
    private static partial Regex Digest();
    [GeneratedRegex(@"^[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]-[0-5][0-9]-[0-5][0-9]Z\z")]
    private static partial Regex Time();
}

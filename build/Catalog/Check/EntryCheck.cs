namespace MlPerfEdu.Generator;

internal static class EntryCheck
{
    public static CatalogEntry Read(YamlPair pair, string suite, IReadOnlyList<string>? datasets, Problems problems) =>
        pair.Value switch
        {
            YamlMapping mapping when mapping.Find(Known.Keys.ExperimentMark) is not null => ReadExperiment(pair, suite, problems),
            YamlMapping mapping when mapping.Find(Known.Keys.InferenceMark) is not null => ReadInference(pair, suite, problems),
            _ => ReadWorkload(pair, suite, datasets, problems),
        };

    static ExperimentEntry ReadExperiment(YamlPair pair, string suite, Problems problems)
    {
        var experiment = $"experiment {Quoted.Of(pair.Key.Text)}";
        var fields = new Fields(pair.Value, experiment, Known.Keys.Experiment, problems);
        var canonical = CanonicalEntry.Of(pair.Key.Text, suite, pair.Value);
        return new()
        {
            Id = pair.Key.Text,
            Suite = suite,
            Question = fields.Text(Known.Keys.ExperimentMark),
            Tier = fields.OneOf("tier", Known.Tiers),
            Geometry = ReadGeometry(fields, problems),
            Checks = ReadChecks(fields, problems),
            Budget = ReadBudget(fields, problems),
            Provenance = fields.OptionalText("provenance"),
            Note = fields.OptionalText("note"),
            Errata = ReadErrata(fields, problems),
            Line = pair.Key.Start.Line,
            CanonicalText = canonical,
            Sha256 = Digests.Sha256(canonical),
        };
    }

    static WorkloadEntry ReadWorkload(YamlPair pair, string suite, IReadOnlyList<string>? datasets, Problems problems)
    {
        var id = pair.Key.Text;
        var workload = $"workload {Quoted.Of(id)}";
        var fields = new Fields(pair.Value, workload, Known.Keys.Entry, problems);
        var recipe = fields.Required("recipe");
        var canonical = CanonicalEntry.Of(id, suite, pair.Value);
        return new()
        {
            Id = id,
            Suite = suite,
            Model = fields.Id("model"),
            Params = fields.Whole("params", NumberRange.NotNegative),
            Scenario = fields.OneOf("scenario", Known.Scenarios),
            Tier = fields.OneOf("tier", Known.Tiers),
            Geometry = ReadGeometry(fields, problems),
            Recipe = RecipeCheck.Read(recipe, $"the recipe of {workload}", problems),
            Closed = fields.Optional("closed") is { } closed ? ReadClosed(closed, recipe, workload, problems) : null,
            Data = DataCheck.Read(fields.Items("data"), recipe, workload, datasets, problems),
            Budget = ReadBudget(fields, problems),
            MaxModelKb = fields.OptionalNumber("max_model_kb", NumberRange.Positive),
            Regimes = RegimeCheck.Read(fields.Optional("regime"), workload, problems),
            Provenance = fields.OptionalText("provenance"),
            Note = fields.OptionalText("note"),
            ParamsNote = fields.OptionalText("params_note"),
            Errata = ReadErrata(fields, problems),
            Line = pair.Key.Start.Line,
            CanonicalText = canonical,
            Sha256 = Digests.Sha256(canonical),
        };
    }

    static InferenceEntry ReadInference(YamlPair pair, string suite, Problems problems)
    {
        var workload = $"workload {Quoted.Of(pair.Key.Text)}";
        var fields = new Fields(pair.Value, workload, Known.Keys.Inference, problems);
        var canonical = CanonicalEntry.Of(pair.Key.Text, suite, pair.Value);
        return new()
        {
            Id = pair.Key.Text,
            Suite = suite,
            Model = fields.Id("model"),
            Params = fields.Whole("params", NumberRange.NotNegative),
            Scenario = fields.OneOf("scenario", Known.LoadScenarios),
            Tier = fields.OneOf("tier", Known.Tiers),
            Geometry = ReadGeometry(fields, problems),
            SharedCheckpoint = fields.Id("shared_checkpoint"),
            Load = ReadLoad(fields, problems),
            Checks = ReadChecks(fields, problems),
            Budget = ReadBudget(fields, problems),
            Regimes = RegimeCheck.Read(fields.Optional("regime"), workload, problems),
            Provenance = fields.OptionalText("provenance"),
            Note = fields.OptionalText("note"),
            ParamsNote = fields.OptionalText("params_note"),
            Errata = ReadErrata(fields, problems),
            Line = pair.Key.Start.Line,
            CanonicalText = canonical,
            Sha256 = Digests.Sha256(canonical),
        };
    }

    static Load ReadLoad(Fields entry, Problems problems)
    {
        var fields = new Fields(entry.Required(Known.Keys.InferenceMark), $"the load of {entry.Owner}", Known.Keys.Load, problems);
        return new(
            (int)fields.Whole("queries", NumberRange.Count),
            fields.Number("seconds", NumberRange.NotNegative),
            (int)fields.Whole("samples", NumberRange.Count),
            (int)fields.Whole("samples_per_query", NumberRange.Count),
            fields.Number("percentile", NumberRange.Inside),
            fields.Number("target_rate", NumberRange.Positive),
            fields.Number("latency_bound_seconds", NumberRange.Positive));
    }

    static IReadOnlyList<QualityTarget> ReadChecks(Fields entry, Problems problems) =>
        [.. entry.Items("checks").Select(item => DataCheck.ReadTarget(item, $"the checks of {entry.Owner}", item.Start.Line, problems))];

    static ClosedDivision ReadClosed(YamlNode node, YamlNode recipe, string workload, Problems problems)
    {
        var fields = new Fields(node, $"the closed division of {workload}", Known.Keys.Closed, problems);
        return new(
            DataCheck.ReadChangedRecipe(fields.Required("recipe"), fields, recipe, $"the closed recipe of {workload}", problems),
            fields.Optional("reference") is { } reference ? DataCheck.ReadReference(reference, workload, problems) : null);
    }

    static Geometry ReadGeometry(Fields entry, Problems problems)
    {
        var sizes = new SortedDictionary<string, IReadOnlyList<double>>(StringComparer.Ordinal);
        var values = new Values(problems);
        var node = entry.Required("geometry");
        if (node is not YamlMapping mapping)
        {
            values.WrongKind(node, entry.Named("geometry"), "a mapping from names to numbers");
            return new(sizes, node.Start.Line);
        }
        if (mapping is { Pairs.Count: 0, IsIncomplete: false })
            problems.EmptyList(node.Start, entry.Named("geometry"));
        var places = new Dictionary<string, (int, int)>(StringComparer.Ordinal);
        foreach (var pair in mapping.Pairs)
        {
            var name = values.Word(pair.Key, $"a name in {entry.Named("geometry")}");
            var what = $"'geometry.{pair.Key.Text}' of {entry.Owner}";
            var items = pair.Value is YamlSequence ? values.Items(pair.Value, what) : [pair.Value];
            sizes[name] = [.. items.Select(item => values.Number(item, what, NumberRange.NotNegative))];
            places[name] = (pair.Value.Start.Line, pair.Value.Start.Column);
        }
        return new(sizes, entry.LineOf("geometry"), places);
    }

    static Budget? ReadBudget(Fields entry, Problems problems)
    {
        if (entry.Optional("budget") is not { } node)
            return null;
        var fields = new Fields(node, $"the budget of {entry.Owner}", Known.Keys.Budget, problems);
        return new(fields.Number("seconds", NumberRange.Positive), fields.Number("memory_mb", NumberRange.Positive));
    }

    static IReadOnlyList<Erratum> ReadErrata(Fields entry, Problems problems) => [.. entry.OptionalItems("errata").Select(item =>
    {
        var fields = new Fields(item, $"an erratum of {entry.Owner}", Known.Keys.Erratum, problems);
        return new Erratum(fields.Text("field"), fields.Text("seed_value"), fields.Text("found"), fields.Text("ours"));
    })];
}

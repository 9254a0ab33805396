using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace MlPerfEdu.Catalog;

/// <summary>Reads one entry: the keys of its kind, then those of every model, then those of every entry.</summary>
internal sealed class EntryCheck(YamlPair pair, string suite, IReadOnlyList<string>? datasets, Problems problems)
{
    public CatalogEntry Read() => pair.Value switch
    {
        YamlMapping mapping when mapping.Find(Known.ExperimentMark) is not null => ReadExperiment(),
        YamlMapping mapping when mapping.Find(Known.InferenceMark) is not null => ReadInference(),
        _ => ReadWorkload(),
    };

    CatalogEntry ReadWorkload()
    {
        var fields = Fields("workload", Known.Keys.Entry);
        var recipe = fields.Required("recipe");
        return WithModel(fields, Known.Scenarios, new WorkloadEntry
        {
            Recipe = RecipeCheck.Read(recipe, $"the recipe of {fields.Owner}"),
            Closed = fields.Optional("closed") is { } closed ? DataCheck.ReadClosed(closed, recipe, fields.Owner) : null,
            Data = DataCheck.Read(fields.Required("data").Items(), recipe, fields.Owner, datasets),
            MaxModelKb = fields.Optional("max_model_kb")?.Number(NumberRange.Positive),
            SharedCheckpoint = fields.Optional("shared_checkpoint")?.Id(),
        });
    }

    CatalogEntry ReadInference()
    {
        var fields = Fields("workload", Known.Keys.Inference);
        var load = fields.Required(Known.InferenceMark).Fields($"the load of {fields.Owner}", Known.Keys.Load);
        return WithModel(fields, Known.LoadScenarios, new InferenceEntry
        {
            Precision = RecipeCheck.ReadPrecision(fields),
            SharedCheckpoint = fields.Required("shared_checkpoint").Id(),
            Load = new(
                load.Required("queries").Count(),
                load.Required("seconds").Number(NumberRange.NotNegative),
                load.Required("samples").Count(),
                load.Required("samples_per_query").Count(),
                load.Required("percentile").Number(NumberRange.Inside),
                load.Required("target_rate").Number(NumberRange.PerSecond),
                load.Required("latency_bound_seconds").Number(NumberRange.Seconds))
            {
                FirstTokenBoundSeconds = load.Optional("first_token_bound_seconds")?.Number(NumberRange.Seconds),
                PerTokenBoundSeconds = load.Optional("per_token_bound_seconds")?.Number(NumberRange.Seconds),
                EqualIssue = load.Optional("equal_issue")?.Flag(),
            },
            Checks = ReadChecks(fields),
        });
    }

    CatalogEntry ReadExperiment()
    {
        var fields = Fields("experiment", Known.Keys.Experiment);
        return WithCommon(fields, new ExperimentEntry
        {
            Precision = RecipeCheck.ReadPrecision(fields),
            Question = fields.Required(Known.ExperimentMark).Text(),
            Checks = ReadChecks(fields),
        });
    }

    CatalogEntry WithModel(Fields fields, string[] scenarios, ModelEntry entry) => WithCommon(fields, entry with
    {
        Model = fields.Required("model").Id(),
        Params = fields.Required("params").Whole(NumberRange.Parameters),
        ParamsNote = fields.Optional("params_note")?.Text(),
        Scenario = fields.Required("scenario").OneOf(scenarios),
        Regimes = RegimeCheck.Read(fields.Optional("regime"), fields.Owner),
    });

    CatalogEntry WithCommon(Fields fields, CatalogEntry entry)
    {
        var canonical = CanonicalEntry.Of(pair.Key.Text, suite, pair.Value);
        return entry with
        {
            Id = pair.Key.Text,
            Suite = suite,
            Tier = fields.Required("tier").OneOf(Known.Tiers),
            Geometry = ReadGeometry(fields),
            Budget = fields.Optional("budget") is { } budget ? ReadBudget(budget, fields.Owner) : null,
            BudgetLine = fields.Optional("budget") is null ? pair.Key.Start.Line : fields.LineOf("budget"),
            Provenance = fields.Optional("provenance")?.Text(),
            Note = fields.Optional("note")?.Text(),
            Errata = [.. (fields.Optional("errata")?.Items() ?? []).Select(item => ReadErratum(item, fields.Owner))],
            Line = pair.Key.Start.Line,
            CanonicalText = canonical,
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical))),
        };
    }

    QualityTarget[] ReadChecks(Fields entry)
    {
        QualityTarget[] checks = [.. entry.Required("checks").Items().Select(item => DataCheck.ReadTarget(item, $"the checks of {entry.Owner}", item.Node.Start.Line))];
        DataCheck.CheckTogether(checks, problems);
        return checks;
    }

    Geometry ReadGeometry(Fields entry)
    {
        var sizes = new SortedDictionary<string, IReadOnlyList<double>>(StringComparer.Ordinal);
        var places = new Dictionary<string, (int, int)>(StringComparer.Ordinal);
        var geometry = entry.Required("geometry");
        if (geometry.Node is YamlMapping { Pairs.Count: 0, IsIncomplete: false })
            problems.EmptyList(geometry.Node.Start, geometry.Name);
        foreach (var (key, value) in geometry.Pairs("a mapping from names to numbers"))
        {
            var name = new Field(key, $"a name in {geometry.Name}", problems).Word();
            var size = new Field(value, $"'geometry.{key.Text}' of {entry.Owner}", problems);
            sizes[name] = [.. (value is YamlSequence ? size.Items() : [size]).Select(item => item.Number(NumberRange.NotNegative))];
            places[name] = (value.Start.Line, value.Start.Column);
        }
        return new(sizes, entry.LineOf("geometry"), places);
    }

    static Budget ReadBudget(Field field, string owner)
    {
        var fields = field.Fields($"the budget of {owner}", Known.Keys.Budget);
        return new(fields.Required("seconds").Number(NumberRange.Seconds), fields.Required("memory_mb").Number(NumberRange.Megabytes));
    }

    static Erratum ReadErratum(Field item, string owner)
    {
        var fields = item.Fields($"an erratum of {owner}", Known.Keys.Erratum);
        return new(Text("field"), Text("seed_value"), Text("found"), Text("ours"));

        string Text(string key) => fields.Required(key).Text();
    }

    Fields Fields(string noun, string[] known) => new(pair.Value, $"{noun} {Quoted.Of(pair.Key.Text)}", known, problems);
}

/// <summary>The requirements of an entry, without measurements and prose, in one spelling whatever the layout of the file.</summary>
internal static class CanonicalEntry
{
    static readonly string[] MeasuredOrProse = ["regime", "reference", "note", "params_note", "provenance", "errata", "experiment"];

    public static string Of(string id, string suite, YamlNode entry) =>
        new JsonObject { ["entry"] = Json(entry), ["id"] = id, ["suite"] = suite }.ToJsonString();

    static JsonNode? Json(YamlNode node) => node switch
    {
        YamlMapping mapping => new JsonObject(mapping.Pairs
            .Where(pair => !MeasuredOrProse.Contains(pair.Key.Text))
            .OrderBy(pair => pair.Key.Text, StringComparer.Ordinal)
            .Select(pair => KeyValuePair.Create(pair.Key.Text, Json(pair.Value)))),
        YamlSequence sequence => new JsonArray([.. sequence.Items.Select(Json)]),
        // 1.0e-3 and 0.001 are the same statement. An overflow is refused elsewhere, but must not stop us here.
        YamlScalar scalar when Field.IsNumber(scalar) =>
            double.Parse(scalar.Text, CultureInfo.InvariantCulture) is var number && double.IsFinite(number) ? number : 0,
        YamlScalar { IsNull: false } scalar => scalar.Text,
        _ => null,
    };
}

using System.Text.Json;
using MlPerfEdu.Catalog;

namespace MlPerfEdu.Generator.Tests;

/// <summary>The schema for editors lists what the checks know: the same keys, the same words.</summary>
public class SchemaTests
{
    static readonly JsonElement Schema = JsonDocument.Parse(File.ReadAllText(Repository.PathOf("workloads/workloads.schema.json"))).RootElement;

    static readonly Dictionary<string, IReadOnlyList<string>> KeysByDefinition = new()
    {
        ["thresholds"] = Known.Keys.Thresholds,
        ["workingSetThresholds"] = AxisFormat.WorkingSet.Thresholds,
        ["intensityThresholds"] = AxisFormat.ArithmeticIntensity.Thresholds,
        ["dispatchThresholds"] = AxisFormat.Dispatch.Thresholds,
        ["entry"] = Known.Keys.Entry,
        ["inference"] = Known.Keys.Inference,
        ["load"] = Known.Keys.Load,
        ["experiment"] = Known.Keys.Experiment,
        ["recipe"] = Known.Keys.Recipe,
        ["closed"] = Known.Keys.Closed,
        ["recipeChanges"] = Known.Keys.Recipe,
        ["dataChoice"] = Known.Keys.DataChoice,
        ["qualityTarget"] = Known.Keys.QualityTarget,
        ["reference"] = Known.Keys.Reference,
        ["budget"] = Known.Keys.Budget,
        ["erratum"] = Known.Keys.Erratum,
        ["regime"] = Known.Keys.Regime,
        ["workingSet"] = AxisFormat.WorkingSet.Keys,
        ["arithmeticIntensity"] = AxisFormat.ArithmeticIntensity.Keys,
        ["dispatch"] = AxisFormat.Dispatch.Keys,
    };

    [Fact]
    public void Every_mapping_has_the_keys_that_the_checks_know()
    {
        Assert.Equal(Known.Keys.Root, KeysOf(Schema));
        Assert.Equal(KeysByDefinition.Keys.Order(), Definitions().Select(definition => definition.Name).Order());
        foreach (var definition in Definitions())
        {
            Assert.Equal(KeysByDefinition[definition.Name], KeysOf(definition.Value));
            Assert.False(definition.Value.GetProperty("additionalProperties").GetBoolean());
        }
    }

    [Theory]
    [InlineData("entry", "scenario")]
    [InlineData("entry", "tier")]
    [InlineData("inference", "scenario")]
    [InlineData("inference", "tier")]
    [InlineData("experiment", "tier")]
    [InlineData("dataChoice", "tier")]
    [InlineData("recipe", "division")]
    [InlineData("recipe", "precision")]
    [InlineData("recipe", "optimizer")]
    [InlineData("recipe", "schedule")]
    [InlineData("recipe", "kept_epoch")]
    [InlineData("workingSet", "value")]
    [InlineData("arithmeticIntensity", "value")]
    [InlineData("dispatch", "value")]
    public void Every_word_list_is_that_of_the_checks(string definition, string key)
    {
        var expected = (definition, key) switch
        {
            ("entry", "scenario") => Known.Scenarios,
            ("inference", "scenario") => Known.LoadScenarios,
            ("entry" or "inference" or "experiment", "tier") => Known.Tiers,
            ("dataChoice", "tier") => Known.DataTiers,
            (_, "division") => Known.Divisions,
            (_, "precision") => Known.Precisions,
            (_, "optimizer") => Known.Optimizers,
            (_, "schedule") => Known.Schedules,
            (_, "kept_epoch") => Known.KeptEpochs,
            ("workingSet", _) => AxisFormat.WorkingSet.Values,
            ("arithmeticIntensity", _) => AxisFormat.ArithmeticIntensity.Values,
            _ => AxisFormat.Dispatch.Values,
        };
        var listed = Definition(definition).GetProperty("properties").GetProperty(key).GetProperty("enum");
        Assert.Equal(expected, listed.EnumerateArray().Select(value => value.GetString()));
    }

    // Deleting a key from the sample is a mistake exactly when the schema requires the key.
    [Theory]
    [InlineData("entry", "      model: tone-net\n", "model")]
    [InlineData("entry", "      budget: { seconds: 60, memory_mb: 2048 }\n", "budget")]
    [InlineData("entry", "      provenance: Made for the tests.\n", "provenance")]
    [InlineData("entry", "      params_note: \"Counted by hand: 16·4 + 4.\"\n", "params_note")]
    [InlineData("entry", "      max_model_kb: 16\n", "max_model_kb")]
    [InlineData("entry", "      geometry: { size: 3 }\n", "geometry")]
    [InlineData("recipe", "        warmup_steps: 10\n", "warmup_steps")]
    [InlineData("recipe", "        clip_norm: 1.0\n", "clip_norm")]
    [InlineData("recipe", "        weight_decay: 0.01\n", "weight_decay")]
    [InlineData("recipe", "dropout: 0.5, ", "dropout")]
    [InlineData("recipe", "discount: 0.99, ", "discount")]
    [InlineData("recipe", "kept_epoch: best, ", "kept_epoch")]
    [InlineData("dataChoice", "          note: Easier on purpose.\n", "note")]
    [InlineData("dataChoice", "          tier: embedded\n", "tier")]
    [InlineData("inference", "      shared_checkpoint: tone-net-train\n", "shared_checkpoint")]
    [InlineData("inference", "      note: Takes the tones of its trainer.\n", "note")]
    [InlineData("load", "samples: 16, ", "samples")]
    [InlineData("reference", ", seconds: [4, 4.5, 4]", "seconds")]
    [InlineData("reference", ", samples: [640, 640, 1280]", "samples")]
    [InlineData("reference", "values: [0.93, 0.94, 0.95], ", "values")]
    public void What_is_required_is_the_same(string definition, string passage, string key)
    {
        var required = Definition(definition).GetProperty("required").EnumerateArray().Any(name => name.GetString() == key);
        Assert.Equal(required, Sample.Read(Sample.With(passage, "")).Diagnostics.Any(found => found.Code == "MLP0021"));
    }

    [Fact]
    public void Every_key_and_every_mapping_is_described()
    {
        foreach (var definition in Definitions())
        {
            Assert.NotEmpty(definition.Value.GetProperty("description").GetString()!);
            Assert.All(definition.Value.GetProperty("properties").EnumerateObject(), key =>
                Assert.True(key.Value.TryGetProperty("description", out _) || key.Value.TryGetProperty("$ref", out _), key.Name));
        }
    }

    [Fact]
    public void The_project_s_file_names_it_in_its_first_line() =>
        Assert.Equal("# yaml-language-server: $schema=./workloads.schema.json", File.ReadLines(Repository.PathOf("workloads/workloads.yaml")).First());

    static List<JsonProperty> Definitions() => [.. Schema.GetProperty("$defs").EnumerateObject()];
    static JsonElement Definition(string name) => Schema.GetProperty("$defs").GetProperty(name);
    static IEnumerable<string> KeysOf(JsonElement mapping) => mapping.GetProperty("properties").EnumerateObject().Select(key => key.Name);
}

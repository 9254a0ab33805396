using System.Text.Json;
using System.Text.Json.Nodes;
using MlPerfEdu.Generator;

namespace MlPerfEdu.Workloads.Compare;

/// <summary>What a twin is built from, with the keys of workloads.yaml.</summary>
static class TwinConfig
{
    static readonly JsonSerializerOptions Keys = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static JsonObject Of(ModelEntry entry, WorkloadEntry trainer, Recipe? recipe, int batch, int threads, int seed) => new()
    {
        ["id"] = entry.Id,
        ["geometry"] = Sizes(entry.Geometry),
        // Where a model answers with weights that another workload trains, that one's.
        ["trained_geometry"] = Sizes(trainer.Geometry),
        ["recipe"] = recipe is null ? null : RecipeOf(recipe),
        ["batch"] = batch,
        ["seed"] = seed,
        ["threads"] = threads,
    };

    static JsonObject Sizes(Geometry geometry) => new(geometry.Values.Select(size => KeyValuePair.Create(size.Key, Size(size.Value))));

    static JsonNode? Size(IReadOnlyList<double> values) =>
        values is [var only] ? only : new JsonArray([.. values.Select(value => (JsonNode)value)]);

    static JsonObject RecipeOf(Recipe recipe)
    {
        var node = JsonSerializer.SerializeToNode(recipe, Keys)!.AsObject();
        node["betas"] = new JsonArray(recipe.Betas.First, recipe.Betas.Second);
        return node;
    }
}

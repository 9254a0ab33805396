using System.Text.Json;
using System.Text.Json.Nodes;
using MlPerfEdu.Generator;

namespace MlPerfEdu.Workloads.Compare;

/// <summary>What a twin is built from, with the keys of workloads.yaml.</summary>
static class TwinConfig
{
    static readonly JsonSerializerOptions Keys = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static JsonObject Of(WorkloadEntry entry, Recipe recipe, int threads, int seed) => new()
    {
        ["id"] = entry.Id,
        ["geometry"] = new JsonObject(entry.Geometry.Values.Select(size => KeyValuePair.Create(size.Key, Size(size.Value)))),
        ["recipe"] = RecipeOf(recipe),
        ["batch"] = recipe.Batch,
        ["seed"] = seed,
        ["threads"] = threads,
    };

    static JsonNode? Size(IReadOnlyList<double> values) =>
        values is [var only] ? only : new JsonArray([.. values.Select(value => (JsonNode)value)]);

    static JsonObject RecipeOf(Recipe recipe)
    {
        var node = JsonSerializer.SerializeToNode(recipe, Keys)!.AsObject();
        node["betas"] = new JsonArray(recipe.Betas.First, recipe.Betas.Second);
        return node;
    }
}

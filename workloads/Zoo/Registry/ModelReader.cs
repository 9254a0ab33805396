using MlPerfEdu.Data;

namespace MlPerfEdu.Zoo;

/// <summary>One entry of models.yaml, key by key.</summary>
static class ModelReader
{
    static readonly string[] Values =
    [
        "parameters", "active_parameters", "size", "flops", "sequence", "layers", "hidden", "heads", "head_dim", "kv_heads",
        "kv_latent", "rope_dim", "experts", "experts_per_token", "state", "expansion", "convolution", "steps",
    ];

    public static Model Read(YamlText id, CatalogMap map)
    {
        var quantities = new QuantityReader(map);
        var parameters = quantities.Parameters("parameters");
        var size = quantities.Bytes("size");
        if (map.IsMap && map.Node("parameters") is null && map.Node("size") is null)
            map.Problems.MissingKey(id, map.Where, "parameters", "a number such as '8.03 G', or 'size' in bytes");
        var active = quantities.Parameters("active_parameters") ?? parameters ?? default;
        var work = quantities.Work("flops");
        var original = map.Node("original");
        var model = new Model
        {
            Id = id.Value,
            Name = map.Text("name"),
            Family = EntryReader.Word<Family>(map, "family"),
            Architecture = EntryReader.Word<Architecture>(map, "architecture"),
            Parameters = parameters ?? default,
            Active = active,
            Size = size,
            Work = work?.Work ?? TwoPer(active),
            Unit = work?.Unit ?? WorkUnit.Input,
            WorkIsAssumed = work is null,
            Sequence = EntryReader.Size(map, "sequence") ?? 1,
            Layers = EntryReader.Size(map, "layers"),
            Hidden = EntryReader.Size(map, "hidden"),
            Heads = EntryReader.Size(map, "heads"),
            HeadDim = EntryReader.Size(map, "head_dim"),
            KvHeads = EntryReader.Size(map, "kv_heads"),
            KvLatent = EntryReader.Size(map, "kv_latent"),
            RopeDim = EntryReader.Size(map, "rope_dim"),
            Experts = EntryReader.Size(map, "experts"),
            ExpertsPerToken = EntryReader.Size(map, "experts_per_token"),
            State = EntryReader.Size(map, "state"),
            Expansion = EntryReader.Size(map, "expansion"),
            Convolution = EntryReader.Size(map, "convolution"),
            Steps = EntryReader.Size(map, "steps"),
            Flag = map.OptionalText("flag"),
            Sources = EntryReader.Sources(id, map, Values),
            Line = id.Line,
        };
        EntryReader.CheckFlag(id, map, original, model.Flag);
        if (original is not null)
            model = model with { InOriginal = Original(model, new(original, $"{map.Where}, original", map.Problems)) };
        map.RefuseTheRest();
        ModelCheck.Run(id, map, model);
        return model;
    }

    static Model Original(Model ours, CatalogMap map)
    {
        var quantities = new QuantityReader(map);
        var parameters = quantities.Parameters("parameters") ?? ours.Parameters;
        var noWork = IsNone(map, "flops");
        var work = noWork ? null : quantities.Work("flops");
        var original = ours with
        {
            Parameters = parameters,
            Active = map.Node("parameters") is null ? ours.Active : parameters,
            Work = noWork ? TwoPer(parameters) : work?.Work ?? ours.Work,
            WorkIsAssumed = noWork || ours.WorkIsAssumed,
            Layers = Size(map, "layers", ours.Layers),
            Heads = Size(map, "heads", ours.Heads),
            HeadDim = Size(map, "head_dim", ours.HeadDim),
            KvHeads = Size(map, "kv_heads", ours.KvHeads),
        };
        map.RefuseTheRest();
        return original;
    }

    static Flop TwoPer(ParameterCount parameters) => new(2 * parameters.Value);

    static int? Size(CatalogMap map, string key, int? ours) => IsNone(map, key) ? null : EntryReader.Size(map, key) ?? ours;

    static bool IsNone(CatalogMap map, string key) => map.Node(key) is YamlText { Quoted: false, Value: "none" };
}

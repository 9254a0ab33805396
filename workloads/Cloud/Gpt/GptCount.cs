using MlPerfEdu.Workloads.Cloud.NanoGpt;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Cloud.Gpt;

/// <summary>Counts the steps of a <see cref="CachedGpt"/> by running the model's own modules; only attention, which has a cache, is stated.</summary>
static class GptCount
{
    /// <summary>Prompts are read, and the last token of each is answered.</summary>
    public static StepCount Prefill(NanoGptModel model, int batch, int length) => Of(model, batch, length, length, answersAll: false);

    /// <summary>Answers go on by so many tokens each, after those in the cache.</summary>
    /// <param name="numbers">How weights, keys and values are stored.</param>
    public static StepCount Decode(NanoGptModel model, int batch, int tokens, int cached, GptNumbers numbers = GptNumbers.Fp32)
    {
        var (heads, head) = (model.Geometry.Heads, model.Geometry.Head);
        long rows = batch * tokens, seen = (long)batch * heads * (cached + tokens), added = rows * heads;
        var count = Of(model, batch, tokens, cached + tokens, answersAll: true);
        return count with { Layers = [.. count.Layers.Select(Stored)] };

        // The same products of the same numbers, which take fewer bytes.
        LayerCount Stored(LayerCount layer) => layer.Kind switch
        {
            "linear" or "tied linear" => Saving(layer, layer.ForwardMacs / rows, layer.Output[^1], ofStep: true, ofTraffic: true),
            "scores" or "values" => Saving(layer, seen * head, seen, ofStep: false, ofTraffic: true),
            "key-value cache" => Saving(Saving(layer, 2 * seen * head, 2 * seen, ofStep: true, ofTraffic: false),
                2 * added * head, 2 * added, ofStep: false, ofTraffic: true),
            _ => layer,
        };

        LayerCount Saving(LayerCount layer, long count, long scales, bool ofStep, bool ofTraffic)
        {
            var saved = count * (GptNumbers.Fp32.Bytes() - numbers.Bytes()) - scales * numbers.ScaleBytes();
            return layer with
            {
                UniqueBytes = layer.UniqueBytes - (ofStep ? saved : 0),
                Forward = layer.Forward with { Bytes = layer.Forward.Bytes - (ofTraffic ? saved : 0) },
            };
        }
    }

    static StepCount Of(NanoGptModel model, int batch, int tokens, int keys, bool answersAll) => ModuleCounter.Count(batch, counter =>
    {
        using var mode = no_grad();
        var geometry = counter.Watch(model).Geometry;
        var size = new AttentionSize(batch, geometry.Heads, tokens, keys, geometry.Head)
        {
            Causal = !answersAll,
            Block = answersAll ? null : AttentionCount.FusedBlock(tokens),
        };
        var x = model.Embed(zeros(batch, tokens, int64), 0).view(batch * tokens, geometry.Width);
        for (var i = 0; i < geometry.Layers; i++)
        {
            counter.In($"{i}", () =>
            {
                var layer = model.Layers[i];
                x = layer.Mlp(layer.Project(Attend(F.cast(layer.QueryKeyValue(x), float32)), x));
            });
        }

        if (!answersAll)
            x = F.select(x.view(batch, tokens, geometry.Width), tokens - 1);
        model.Classify(x);

        // What the values are does not matter: those of the queries have the right shape.
        Tensor Attend(Tensor projected)
        {
            var name = counter.Name("attention");
            LayerCount[] rows = answersAll
                ? [AttentionCount.Cache(name, size), .. AttentionCount.Operators(name, size, dataGradient: false)]
                : [AttentionCount.Fused(name, size)];
            foreach (var row in rows)
                counter.Add(row, projected, []);
            return projected.narrow(1, 0, geometry.Width).contiguous();
        }
    });
}

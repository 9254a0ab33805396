using MlPerfEdu.Roofline.Report;
using MlPerfEdu.Workloads.Cli.Output;
using MlPerfEdu.Zoo;

namespace MlPerfEdu.Workloads.Cli.Show;

using Serving = MlPerfEdu.Zoo.Serving;

/// <summary>What serving one model on one device costs.</summary>
sealed class ServingPage(ServingQuestion question, Serving serving, ContinuousBatching batching, SpeculativeDecoding? speculative)
{
    public object Document() => new
    {
        Model = question.Model.Id,
        Device = question.Device.Id,
        question.Batch,
        Dtype = question.Dtype.Name(),
        question.Prompt,
        question.CachedPrefix,
        question.Chunks,
        question.Page,
        question.Rules,
        FirstTokenSeconds = serving.FirstToken.Value,
        NextTokenSeconds = serving.NextToken.Value,
        WeightBytes = serving.Weights.Value,
        CacheBytes = serving.Cache.Value,
        PagingWaste = serving.Waste,
        serving.Utilisation,
        serving.Fits,
        ContinuousBatching = new { batching.Active, batching.TokensPerSecond },
        SpeculativeDecoding = speculative is { } made ? Row(made) : null,
    };

    public void Draw(Screen screen)
    {
        var cached = question.CachedPrefix > 0 ? $", {question.CachedPrefix} of them read before" : "";
        var prompts = $"prompts of {question.Prompt} tokens{cached}";
        screen.Line($"{question.Model.Name} on {question.Device.Name}, {question.Dtype.Name()}, {prompts}");
        Facts.Draw(screen, $"{question.Batch} at a time",
        [
            ("first token", Units.Seconds(serving.FirstToken.Value)),
            ("next token", $"{Units.Seconds(serving.NextToken.Value)} ({Units.Si(question.Batch / serving.NextToken.Value)} tokens/s)"),
            ("weights", Units.Si(serving.Weights.Value, "B")),
            ("cache or state", $"{Units.Si(serving.Cache.Value, "B")}, {Units.Percent(serving.Waste)} of its pages empty"),
            ("memory", $"{Units.Percent(serving.Utilisation)} of {Units.Si(question.Device.Capacity.Value, "B")}"),
        ]);
        Facts.Draw(screen, "Continuous batching", batching.Active > 0
            ? [("requests at a time", $"{batching.Active}"), ("throughput", $"{Units.Si(batching.TokensPerSecond)} tokens/s")]
            : [("requests at a time", "none: the weights leave no room for one")]);
        if (speculative is { } made)
        {
            Facts.Draw(screen, $"Speculative decoding with {made.Draft.Name}",
            [
                ("proposing", $"{made.Proposed} × {Units.Seconds(made.DraftToken.Value)}"),
                ("checking", Units.Seconds(made.Verify.Value)),
                ("tokens per round", $"{made.TokensPerRound:0.##}"),
                ("next token", Units.Seconds(made.NextToken.Value)),
                ("of that without it", Units.Ratio(made.NextToken / serving.NextToken)),
            ]);
        }

        if (!serving.Fits)
            screen.Line("* the weights and this cache do not fit; the times are those of a device that holds them", Tone.Warning);
        if (question.Model.Flag is { } flag)
            screen.Line($"* {flag}", Tone.Warning);
    }

    static object Row(SpeculativeDecoding made) => new
    {
        Draft = made.Draft.Id,
        made.Proposed,
        made.TokensPerRound,
        DraftTokenSeconds = made.DraftToken.Value,
        VerifySeconds = made.Verify.Value,
        NextTokenSeconds = made.NextToken.Value,
    };
}

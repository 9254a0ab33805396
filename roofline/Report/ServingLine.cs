using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Roofline.Load;
using static System.FormattableString;

namespace MlPerfEdu.Roofline.Report;

/// <summary>How fast a model answered, in one line.</summary>
public static class ServingLine
{
    /// <summary>Absent when nothing was asked.</summary>
    public static string? Of(EvidenceRecord record)
    {
        if (record.Serving is not { } serving)
            return null;
        var metrics = record.Quality.Metrics;
        List<string> parts = [Invariant($"{serving.Load.Scenario.Name()}, {metrics["queries"]:0} queries: latency {Both("latency", 50, 90)}")];
        if (metrics.ContainsKey("between_tokens_p50"))
        {
            parts.Add($"first token {Both("time_to_first_token", 50, 99)}");
            parts.Add($"then a token every {Both("between_tokens", 50, 99)}");
            parts.Add(Invariant($"{metrics["tokens_per_second"]:0.#} tokens/s"));
        }

        if (metrics.TryGetValue("prompt_tokens", out var prompt))
            parts.Add(Invariant($"{prompt * metrics["samples_per_second"]:0} prompt tokens/s"));
        if (metrics.TryGetValue("speed_up", out var speedUp))
            parts.Add(Invariant($"{100 * metrics["acceptance"]:0.#} % of drafts accepted, {speedUp:0.00}x of plain decoding's speed"));
        return string.Join(", ", parts);

        string Both(string name, int typical, int tail) =>
            Invariant($"p{typical} {Units.Seconds(metrics[$"{name}_p{typical}"])}, p{tail} {Units.Seconds(metrics[$"{name}_p{tail}"])}");
    }
}

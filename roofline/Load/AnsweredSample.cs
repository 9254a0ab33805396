using System.Text.Json.Serialization;

namespace MlPerfEdu.Roofline.Load;

/// <summary>What happened to one sample, in nanoseconds since the run began.</summary>
/// <param name="Query">Counts from 0.</param>
/// <param name="Sample">Which of the set.</param>
/// <param name="Scheduled">When its query was due, however late it was begun.</param>
/// <param name="Tokens">When each token was ready, the last being the whole answer; one moment for an answer without tokens.</param>
public sealed record AnsweredSample(int Query, int Sample, long Scheduled, IReadOnlyList<long> Tokens)
{
    [JsonIgnore]
    public long Completed => Tokens[^1];

    [JsonIgnore]
    public long Latency => Completed - Scheduled;

    [JsonIgnore]
    public long ToFirstToken => Tokens[0] - Scheduled;
}

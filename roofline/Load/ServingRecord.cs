using System.Text.Json.Serialization;

namespace MlPerfEdu.Roofline.Load;

/// <summary>A run under load: what was asked, and when every answer came.</summary>
public sealed record ServingRecord(LoadSettings Load, IReadOnlyList<AnsweredSample> Answers)
{
    /// <summary>Whether figures can follow from it.</summary>
    [JsonIgnore]
    public bool IsWhole => Answers.Count > 0 && Answers.All(answer => answer.Tokens.Count > 0) && Load.Percentile is > 0 and < 1;
}

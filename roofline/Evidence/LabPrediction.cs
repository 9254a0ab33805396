using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json.Serialization;

namespace MlPerfEdu.Roofline.Evidence;

/// <summary>
/// What a student expected of a run, sealed with what was measured. The seed of the run follows from the answers: whoever changes an answer
/// afterwards has to train again, or leaves losses that a replay does not find.
/// </summary>
public sealed record LabPrediction
{
    /// <summary>The id of the lab that asked.</summary>
    public required string Lab { get; init; }

    public required RegimeValue WorkingSet { get; init; }
    public required RegimeValue ArithmeticIntensity { get; init; }
    public required RegimeValue Dispatch { get; init; }
    public required double StepSeconds { get; init; }

    /// <summary>The time of a step with twice the batch, over that of a step with the batch.</summary>
    public required double DoubledBatch { get; init; }

    /// <summary>Why, in the student's words.</summary>
    public required string Because { get; init; }

    /// <summary>UTC, as 2026-01-31T12-00-00Z.</summary>
    public required string AnsweredAt { get; init; }

    [JsonIgnore]
    public int Seed => (int)(BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(CanonicalJson.Serialize(this))) & int.MaxValue);

    public RegimeValue this[RegimeAxis axis] => axis switch
    {
        RegimeAxis.WorkingSet => WorkingSet,
        RegimeAxis.ArithmeticIntensity => ArithmeticIntensity,
        _ => Dispatch,
    };

    /// <summary>What cannot be true of answers that were given before their run.</summary>
    internal static IEnumerable<EvidenceFinding> Findings(string path, EvidenceRecord record)
    {
        if (record.Prediction is not { } prediction)
            yield break;
        if (record.Seed != prediction.Seed)
            yield return EvidenceFindings.Prediction(path, $"the seed {record.Seed}", $"the seed {prediction.Seed}, which follows from its answers");
        foreach (var axis in Enum.GetValues<RegimeAxis>())
        {
            if (prediction[axis] == RegimeValue.Unmeasured || !RegimeNames.ValuesOf(axis).Contains(prediction[axis]))
                yield return EvidenceFindings.Prediction(path, $"{prediction[axis].Name()} for {axis.Name()}", "a value of that axis");
        }

        if (!(prediction.StepSeconds > 0 && double.IsFinite(prediction.StepSeconds) && prediction.DoubledBatch > 0 && double.IsFinite(prediction.DoubledBatch)))
            yield return EvidenceFindings.Prediction(path, $"{prediction.StepSeconds} s and {prediction.DoubledBatch} times", "two positive numbers");
        if (string.CompareOrdinal(prediction.AnsweredAt, record.MeasuredAt) > 0)
            yield return EvidenceFindings.Prediction(path, $"answers of {prediction.AnsweredAt}", $"answers before the run, which ended {record.MeasuredAt}");
    }
}

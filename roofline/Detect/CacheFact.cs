namespace MlPerfEdu.Roofline.Detect;

/// <param name="Kind">data, instruction or unified.</param>
/// <param name="SharedBy">Logical processors that share one such cache; 0 when unknown.</param>
public sealed record CacheFact(int Level, string Kind, long Bytes, int SharedBy);

namespace MlPerfEdu.Roofline.Evidence;

/// <param name="Tier">real, part, proxy or embedded; only real may claim a real target.</param>
/// <param name="Files">SHA-256 of each file by its name in the data set; empty for generated data.</param>
public sealed record DataUse(string Dataset, string Tier, IReadOnlyDictionary<string, string> Files);

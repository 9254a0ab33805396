using MlPerfEdu.Roofline.Classify;

namespace MlPerfEdu.Roofline.Peaks;

/// <summary>Where streaming over a growing set falls from one plateau to the next.</summary>
/// <param name="Bytes">The largest set of the faster plateau and the smallest of the slower one: the capacity lies between.</param>
/// <param name="Before">Byte/s of the faster plateau.</param>
/// <param name="After">Byte/s of the slower one.</param>
public sealed record Knee(Interval Bytes, double Before, double After);

using System.Text.Json.Serialization;

namespace MlPerfEdu.Roofline.Classify;

public sealed record Regimes(RegimeVerdict WorkingSet, RegimeVerdict ArithmeticIntensity, RegimeVerdict Dispatch)
{
    [JsonIgnore]
    public IReadOnlyList<RegimeVerdict> All => [WorkingSet, ArithmeticIntensity, Dispatch];

    public RegimeVerdict this[RegimeAxis axis] => All.Single(verdict => verdict.Axis == axis);
}

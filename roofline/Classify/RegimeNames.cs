using System.Text.Json;

namespace MlPerfEdu.Roofline.Classify;

/// <summary>Axes and values as workloads.yaml and the sidecars spell them.</summary>
public static class RegimeNames
{
    public static string Name(this RegimeAxis axis) => JsonNamingPolicy.SnakeCaseLower.ConvertName(axis.ToString());

    public static string Name(this RegimeValue value) => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    public static IReadOnlyList<RegimeValue> ValuesOf(RegimeAxis axis) => axis switch
    {
        RegimeAxis.WorkingSet =>
            [RegimeValue.CacheResident, RegimeValue.DramBound, RegimeValue.GreyBand, RegimeValue.Unmeasured],
        RegimeAxis.ArithmeticIntensity =>
            [RegimeValue.ComputeBound, RegimeValue.BandwidthBound, RegimeValue.GreyBand, RegimeValue.Unmeasured],
        RegimeAxis.Dispatch =>
            [RegimeValue.DeviceSaturated, RegimeValue.DispatchBound, RegimeValue.KernelBound, RegimeValue.GreyBand, RegimeValue.Unmeasured],
        _ => throw new ArgumentOutOfRangeException(nameof(axis), axis, "Not one of the three axes."),
    };

    public static RegimeValue Parse(RegimeAxis axis, string name)
    {
        var values = ValuesOf(axis);
        foreach (var value in values)
        {
            if (value.Name() == name)
                return value;
        }

        throw new FormatException(
            $"'{name}' is not a value of {axis.Name()}; write one of {string.Join(", ", values.Select(value => value.Name()))}.");
    }
}

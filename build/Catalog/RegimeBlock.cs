namespace MlPerfEdu.Catalog;

/// <summary>The measured regime of an entry on one machine class, and where the evidence is. Outside a file, the line is 0.</summary>
public sealed record RegimeBlock(
    AxisBaseline WorkingSet,
    AxisBaseline ArithmeticIntensity,
    AxisBaseline Dispatch,
    string EvidenceSidecar,
    string EvidenceSha256,
    string MeasuredAt,
    int Line = 0)
{
    public AxisBaseline this[RegimeAxis axis] => axis switch
    {
        RegimeAxis.WorkingSet => WorkingSet,
        RegimeAxis.ArithmeticIntensity => ArithmeticIntensity,
        _ => Dispatch,
    };
}

/// <summary>One axis: its verdict and the number behind it.</summary>
public sealed record AxisBaseline(string Value, double Number, int Line = 0);

/// <summary>How workloads.yaml spells one axis.</summary>
/// <param name="Number">The key of the number behind the verdict.</param>
/// <param name="Thresholds">The keys of its edges, the lower one first.</param>
public sealed record AxisFormat(RegimeAxis Axis, string Number, IReadOnlyList<string> Thresholds)
{
    public static readonly AxisFormat WorkingSet = new(
        RegimeAxis.WorkingSet, "bytes_per_step", ["resident_llc_fraction", "dram_llc_multiple"]);

    public static readonly AxisFormat ArithmeticIntensity = new(
        RegimeAxis.ArithmeticIntensity, "flops_per_byte", ["low_ridge_multiple", "high_ridge_multiple"]);

    public static readonly AxisFormat Dispatch = new(
        RegimeAxis.Dispatch, "utilization", ["dispatch_below", "saturated_from", "explained_share"]);

    public static IReadOnlyList<AxisFormat> All { get; } = [WorkingSet, ArithmeticIntensity, Dispatch];

    /// <summary>Its key, among the thresholds and in a regime block.</summary>
    public string Name { get; } = Axis.Name();

    /// <summary>The verdicts.</summary>
    public IReadOnlyList<string> Values { get; } = [.. RegimeNames.ValuesOf(Axis).Select(value => value.Name())];

    /// <summary>The keys of the axis in a regime block.</summary>
    public IReadOnlyList<string> Keys { get; } = ["value", Number];
}

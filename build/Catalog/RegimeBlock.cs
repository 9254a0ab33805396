namespace MlPerfEdu.Catalog;

/// <summary>The measured regime of an entry on one machine class, and where the evidence is. Outside a file, the line is 0.</summary>
public sealed record RegimeBlock(
    RegimeAxis WorkingSet,
    RegimeAxis ArithmeticIntensity,
    RegimeAxis Dispatch,
    string EvidenceSidecar,
    string EvidenceSha256,
    string MeasuredAt,
    int Line = 0)
{
    public RegimeAxis this[AxisFormat axis] => axis.Name switch
    {
        "working_set" => WorkingSet,
        "arithmetic_intensity" => ArithmeticIntensity,
        _ => Dispatch,
    };
}

/// <summary>One axis: its verdict and the number behind it.</summary>
public sealed record RegimeAxis(string Value, double Number, int Line = 0);

/// <summary>How workloads.yaml spells one axis.</summary>
/// <param name="Name">Its key, among the thresholds and in a regime block.</param>
/// <param name="Number">The key of the number behind the verdict.</param>
/// <param name="Thresholds">The keys of its edges, the lower one first.</param>
/// <param name="Values">The verdicts.</param>
public sealed record AxisFormat(string Name, string Number, IReadOnlyList<string> Thresholds, IReadOnlyList<string> Values)
{
    public static readonly AxisFormat WorkingSet = new("working_set", "bytes_per_step",
        ["resident_llc_fraction", "dram_llc_multiple"], ["cache_resident", "dram_bound", "grey_band", "unmeasured"]);

    public static readonly AxisFormat ArithmeticIntensity = new("arithmetic_intensity", "flops_per_byte",
        ["low_ridge_multiple", "high_ridge_multiple"], ["compute_bound", "bandwidth_bound", "grey_band", "unmeasured"]);

    public static readonly AxisFormat Dispatch = new("dispatch", "utilization",
        ["dispatch_below", "saturated_from", "explained_share"], ["device_saturated", "dispatch_bound", "kernel_bound", "grey_band", "unmeasured"]);

    public static IReadOnlyList<AxisFormat> All { get; } = [WorkingSet, ArithmeticIntensity, Dispatch];

    /// <summary>The keys of the axis in a regime block.</summary>
    public IReadOnlyList<string> Keys { get; } = ["value", Number];
}

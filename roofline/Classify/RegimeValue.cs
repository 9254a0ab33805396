namespace MlPerfEdu.Roofline.Classify;

/// <summary>The answers of the three axes. GreyBand is an answer, "measured, between the thresholds"; Unmeasured is none.</summary>
public enum RegimeValue
{
    Unmeasured,
    GreyBand,
    CacheResident,
    DramBound,
    ComputeBound,
    BandwidthBound,
    DeviceSaturated,
    DispatchBound,
    KernelBound,
}

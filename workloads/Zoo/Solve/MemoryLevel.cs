namespace MlPerfEdu.Zoo;

/// <summary>Where the weights come from.</summary>
public enum MemoryLevel
{
    Main,
    Sram,
    Flash,

    /// <summary>Partly or wholly from the host, over its link.</summary>
    Offload,
}

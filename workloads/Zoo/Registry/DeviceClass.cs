namespace MlPerfEdu.Zoo;

public enum DeviceClass
{
    Cloud,
    Workstation,
    Mobile,
    Edge,
    Tiny,

    /// <summary>A machine that was measured, not one of a data sheet.</summary>
    Measured,
}

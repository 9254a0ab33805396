namespace MlPerfEdu.Data;

/// <summary>How close data is to what a workload's real target was stated for.</summary>
public enum DataTier
{
    /// <summary>The original data set, whole.</summary>
    Real,

    /// <summary>Original samples, but not all of them.</summary>
    Part,

    /// <summary>Another data set standing in for the one that is meant.</summary>
    Proxy,

    /// <summary>Made by a generator of this library.</summary>
    Embedded,
}

namespace MlPerfEdu.Roofline.Load;

/// <summary>How queries arrive, as MLPerf's LoadGen has it.</summary>
public enum LoadScenario
{
    /// <summary>One sample; the next when it is answered.</summary>
    SingleStream,

    /// <summary>Several neighbouring samples; the next query when all are answered.</summary>
    MultiStream,

    /// <summary>One sample, at random times of a given mean rate, whether or not the one before is answered.</summary>
    Server,

    /// <summary>All samples at once.</summary>
    Offline,
}

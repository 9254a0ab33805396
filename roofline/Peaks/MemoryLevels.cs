namespace MlPerfEdu.Roofline.Peaks;

public static class MemoryLevels
{
    public const string L1 = "L1";
    public const string L2 = "L2";
    public const string LastLevelCache = "LLC";
    public const string Memory = "memory";
}

namespace MlPerfEdu.Roofline.Detect;

/// <summary>The coarse name under which baselines are kept.</summary>
public static class MachineClass
{
    public static string Of(MachineFacts facts)
    {
        var machine = $"{facts.OsFamily}-{facts.Architecture}";
        if (facts.OsFamily != "linux" || facts.Architecture != "x64")
            return machine;
        if (facts.Isa.Contains("avx512f"))
            return $"{machine}-avx512";
        return facts.Isa.Contains("avx2") ? $"{machine}-avx2" : machine;
    }
}

namespace MlPerfEdu.Contract;

/// <summary>The numbers that products multiply. Sums, norms, losses and weights are fp32 in both.</summary>
public enum Precision
{
    Fp32,
    Bf16,
}

public static class PrecisionNames
{
    public static string Name(this Precision precision) => precision.ToString().ToLowerInvariant();
}

namespace MlPerfEdu.Zoo;

/// <summary>What may stand before a unit. Exact, so that 2.039 TB/s is the double nearest to it.</summary>
static class Prefixes
{
    public static IReadOnlyDictionary<string, decimal> Decimal { get; } = new Dictionary<string, decimal>
    {
        [""] = 1m,
        ["k"] = 1e3m,
        ["M"] = 1e6m,
        ["G"] = 1e9m,
        ["T"] = 1e12m,
        ["P"] = 1e15m,
        ["E"] = 1e18m,
    };

    /// <summary>Memory also comes in powers of 1024.</summary>
    public static IReadOnlyDictionary<string, decimal> Binary { get; } = new Dictionary<string, decimal>(Decimal)
    {
        ["Ki"] = 1024m,
        ["Mi"] = 1024m * 1024,
        ["Gi"] = 1024m * 1024 * 1024,
        ["Ti"] = 1024m * 1024 * 1024 * 1024,
    };

    public static IReadOnlyDictionary<string, decimal> Small { get; } = new Dictionary<string, decimal>
    {
        [""] = 1m,
        ["m"] = 1e-3m,
        ["µ"] = 1e-6m,
        ["n"] = 1e-9m,
        ["k"] = 1e3m,
        ["M"] = 1e6m,
    };
}

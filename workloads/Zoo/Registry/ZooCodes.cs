namespace MlPerfEdu.Zoo;

/// <summary>The codes of mistakes in models.yaml and silicon.yaml; build/README.md has a heading for each.</summary>
static class ZooCodes
{
    public static EntryCodes Registry { get; } = new("MLP2201", "MLP2202", "MLP2203", "MLP2204", "MLP2205");
    public const string Number = "MLP2206";
    public const string Unit = "MLP2207";
    public const string Dtype = "MLP2208";
    public const string Contradiction = "MLP2209";
    public const string Source = "MLP2210";
}

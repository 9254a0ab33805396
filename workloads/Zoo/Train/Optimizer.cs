namespace MlPerfEdu.Zoo;

public enum Optimizer
{
    /// <summary>A master copy and two moments in fp32: 12 bytes per parameter.</summary>
    Adam,

    /// <summary>A master copy in fp32: 4 bytes per parameter.</summary>
    Sgd,
}

namespace MlPerfEdu.Zoo;

/// <summary>What each device keeps only its share of (Rajbhandari et al. 2020).</summary>
public enum ZeroStage
{
    None,
    Optimizer,
    Gradients,
    Weights,
}

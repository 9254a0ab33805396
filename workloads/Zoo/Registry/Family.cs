namespace MlPerfEdu.Zoo;

/// <summary>What a model is for.</summary>
public enum Family
{
    Language,
    Vision,
    Tiny,
    StateSpace,
    Generative,
    Recommendation,
    Embodied,
}

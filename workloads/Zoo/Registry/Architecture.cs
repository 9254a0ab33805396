namespace MlPerfEdu.Zoo;

/// <summary>Decides how work, traffic and state scale.</summary>
public enum Architecture
{
    Transformer,
    Cnn,
    SparseMoe,
    Ssm,
    Diffusion,
    Mlp,
    Recommendation,
}

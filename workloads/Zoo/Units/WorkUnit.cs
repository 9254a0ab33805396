namespace MlPerfEdu.Zoo;

/// <summary>What one portion of a model's work is.</summary>
public enum WorkUnit
{
    Input,
    Image,
    Sequence,
    Token,

    /// <summary>One denoising step; a picture takes many.</summary>
    Step,
}

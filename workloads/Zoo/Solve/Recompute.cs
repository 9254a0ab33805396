namespace MlPerfEdu.Zoo;

/// <summary>Which activations training computes a second time instead of keeping them.</summary>
public enum Recompute
{
    None,

    /// <summary>Those of attention.</summary>
    Selective,

    /// <summary>All but each layer's input.</summary>
    Full,
}

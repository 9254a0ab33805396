namespace MlPerfEdu.Roofline.Count;

/// <summary>Which gradients the backward pass computes for a layer with parameters.</summary>
/// <param name="Data">Something before the layer has parameters that are trained.</param>
/// <param name="Weights">The layer's own parameters are trained.</param>
public readonly record struct Gradients(bool Data, bool Weights)
{
    public static Gradients None => default;

    public static Gradients Both => new(true, true);

    /// <summary>The first layer that is trained.</summary>
    public static Gradients First => new(false, true);

    /// <summary>Copies of the parameters that a step touches: themselves, and their gradient if there is one.</summary>
    public int ParameterCopies => Weights ? 2 : 1;

    public int Count => (Data ? 1 : 0) + (Weights ? 1 : 0);
}

namespace MlPerfEdu.Roofline.Count;

/// <remarks>Operations per element; an exponential, an error function or a hyperbolic tangent is one.</remarks>
public sealed partial class StepCounter
{
    public StepCounter Relu(string layer, bool inPlace = false) => Elementwise(layer, "relu", 1, 1, inPlace);

    public StepCounter Tanh(string layer) => Elementwise(layer, "tanh", 1, 3);

    public StepCounter Sigmoid(string layer) => Elementwise(layer, "sigmoid", 4, 3);

    /// <summary>x / (1 + exp(−x)); backwards dy·s·(1 + x·(1 − s)).</summary>
    public StepCounter Silu(string layer) => Elementwise(layer, "silu", 4, 9);

    /// <summary>x·Φ(x) with the error function; backwards dy·(Φ(x) + x·φ(x)).</summary>
    public StepCounter Gelu(string layer) => Elementwise(layer, "gelu", 5, 11);

    /// <summary>Maximum, subtract, exponent, sum, divide; backwards multiply, sum, subtract, multiply.</summary>
    public StepCounter Softmax(string layer) => Elementwise(layer, "softmax", 5, 4);

    /// <summary>Nothing in use.</summary>
    public StepCounter Dropout(string layer) => training ? Append(DropoutCount.Of(layer, shape, dataGradient)) : this;

    /// <param name="forwardFlops">Operations per element of the function.</param>
    /// <param name="backwardFlops">Operations per element of its gradient.</param>
    public StepCounter Elementwise(string layer, string kind, int forwardFlops, int backwardFlops, bool inPlace = false) =>
        Append(ElementwiseCount.Of(layer, kind, shape, forwardFlops, backwardFlops, inPlace, dataGradient));
}

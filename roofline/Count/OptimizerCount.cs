namespace MlPerfEdu.Roofline.Count;

/// <summary>How the update reaches memory: operator by operator for each tensor, or one pass over all parameters.</summary>
public enum UpdateStyle
{
    PerTensor,
    Flat,
}

/// <summary>Optimizer updates over a number of parameters in a number of tensors.</summary>
public static class OptimizerCount
{
    public static LayerCount AdamW(string layer, long parameters, int tensors, UpdateStyle style) =>
        // Decay 1; first moment 3; second 4; root, correction, epsilon 3; divide, scale, subtract 3.
        // Tensor by tensor: mul_, mul_, add_, mul_, addcmul_, sqrt, div, add_, addcdiv_.
        Update(layer, "adamw", parameters, tensors, style, flops: 14, flatWords: 7, tensorWords: 22, tensorCalls: 9, stateWords: 2);

    /// <param name="weightDecay">Decay that is added to the gradient, as Adam has it.</param>
    public static LayerCount Adam(string layer, long parameters, int tensors, UpdateStyle style, bool weightDecay = false) =>
        weightDecay
            ? Update(layer, "adam", parameters, tensors, style, flops: 15, flatWords: 7, tensorWords: 23, tensorCalls: 9, stateWords: 2)
            : Update(layer, "adam", parameters, tensors, style, flops: 13, flatWords: 7, tensorWords: 20, tensorCalls: 8, stateWords: 2);

    public static LayerCount Sgd(string layer, long parameters, int tensors, UpdateStyle style, bool momentum = false) =>
        momentum
            ? Update(layer, "sgd momentum", parameters, tensors, style, flops: 4, flatWords: 5, tensorWords: 8, tensorCalls: 3, stateWords: 1)
            : Update(layer, "sgd", parameters, tensors, style, flops: 2, flatWords: 3, tensorWords: 3, tensorCalls: 1, stateWords: 0);

    /// <summary>The norm of all gradients, then their scaling.</summary>
    public static LayerCount ClipGradientNorm(string layer, long parameters, int tensors, UpdateStyle style)
    {
        var calls = style == UpdateStyle.Flat ? 2 : 2 * tensors + 1;
        return new LayerCount
        {
            Layer = layer,
            Kind = "clip gradient norm",
            Output = [],
            Optimizer = new Work(0, 3 * parameters, Fp32.Bytes * 3 * parameters, calls),
        };
    }

    static LayerCount Update(
        string layer, string kind, long parameters, int tensors, UpdateStyle style,
        int flops, int flatWords, int tensorWords, int tensorCalls, int stateWords)
    {
        var flat = style == UpdateStyle.Flat;
        return new LayerCount
        {
            Layer = layer,
            Kind = kind,
            Output = [],
            Optimizer = new Work(
                0, flops * parameters, Fp32.Bytes * (flat ? flatWords : tensorWords) * parameters, flat ? 1 : (long)tensorCalls * tensors),
            UniqueBytes = Fp32.Bytes * stateWords * parameters,
        };
    }
}

namespace MlPerfEdu.Roofline.Count;

/// <summary>
/// A long short-term memory: the product of all steps' inputs, then step by step the product of the state and the cell. oneDNN runs a layer as
/// one operator, whose backward pass computes every gradient, those of the input and of the first state too, whether anybody asks or not.
/// </summary>
static class LstmCount
{
    /// <summary>Input, forget, cell, output.</summary>
    public const int Gates = 4;

    /// <summary>Gradients of what is multiplied and of the weights.</summary>
    public const int BackwardPasses = 2;

    // Per hidden number: three sigmoids 12, two hyperbolic tangents 2, the sum of both products 4, cell 3, result 1.
    const int CellForward = 22;

    // Gate derivatives 4·3, products of the cell 8, of the result 4.
    const int CellBackward = 24;

    /// <summary>The product of every step's input, of all steps at once.</summary>
    public static LayerCount Input(string layer, long batch, long steps, long inputs, long hidden, bool backward) =>
        LinearCount.Of(layer, batch * steps, inputs, Gates * hidden, bias: true, backward ? Gradients.Both : Gradients.None) with
        {
            Output = [batch, steps, Gates * hidden],
            // Part of the layer's one operator.
            Operators = [],
        };

    /// <summary>The state's product, once per step, and the operator that the whole layer is.</summary>
    public static LayerCount Hidden(string layer, long batch, long steps, long inputs, long hidden, bool backward)
    {
        var one = LinearCount.Of(layer, batch, hidden, Gates * hidden, bias: true, backward ? Gradients.Both : Gradients.None);
        var product = 2 * one.ForwardMacs;
        var (data, weight) = backward ? (steps, steps) : (0, 0);
        var passes = backward ? 1 + BackwardPasses : 1;
        var pass = one.Forward with { ElementwiseFlops = 0, Bytes = one.Forward.Bytes - Fp32.Bytes * Gates * hidden };
        return one with
        {
            Kind = "recurrent linear",
            Output = [batch, steps, Gates * hidden],
            ForwardMacs = steps * one.ForwardMacs,
            Forward = one.Forward.Times(steps),
            DataGradient = pass.Times(data),
            // Every step has a gradient of the same weights.
            WeightGradient = one.WeightGradient.Times(weight) + Accumulation.Of(weight > 0 ? one.Parameters : 0, weight - 1),
            UniqueBytes = Fp32.Bytes * ((backward ? 2 : 1) * one.Parameters + steps * batch * Gates * hidden),
            Operators =
            [
                new OperatorCount(
                    OperatorKey.Recurrent([steps, batch, inputs], hidden), backward ? 2 : 1,
                    passes * steps * (product + 2 * batch * inputs * Gates * hidden)),
            ],
        };
    }

    /// <summary>Gates, cell and result of every step.</summary>
    public static LayerCount Cell(string layer, long batch, long steps, long hidden, bool dataGradient)
    {
        var x = batch * steps * hidden;
        return new LayerCount
        {
            Layer = layer,
            Kind = "lstm cell",
            Output = [batch, steps, hidden],
            // Both products and the cell read; gates, cell and result written.
            Forward = new Work(0, CellForward * x, Fp32.Bytes * (2 * Gates + 1 + Gates + 2) * x, steps),
            // Gradients of result and cell, gates and two cells read; gradients of gates and cell written.
            DataGradient = dataGradient ? new Work(0, CellBackward * x, Fp32.Bytes * (2 + Gates + 2 + Gates + 1) * x, steps) : default,
            UniqueBytes = Fp32.Bytes * (Gates + 2) * x,
        };
    }
}

namespace MlPerfEdu.Roofline.Count;

/// <summary>The parts of a long short-term memory that run step by step. The input's product is one linear layer over all steps.</summary>
static class LstmCount
{
    /// <summary>Input, forget, cell, output.</summary>
    public const int Gates = 4;

    // Per hidden number: three sigmoids 12, two hyperbolic tangents 2, the sum of both products 4, cell 3, result 1.
    const int CellForward = 22;

    // Gate derivatives 4·3, products of the cell 8, of the result 4.
    const int CellBackward = 24;

    /// <summary>The state's product, once per step. The first state is no result, so it has no gradient.</summary>
    public static LayerCount Hidden(string layer, long batch, long steps, long hidden, Gradients gradients)
    {
        var one = LinearCount.Of(layer, batch, hidden, Gates * hidden, bias: true, gradients);
        var product = 2 * one.ForwardMacs;
        var data = gradients.Count > 0 ? steps - 1 : 0;
        var weight = gradients.Weights ? steps : 0;
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
            UniqueBytes = Fp32.Bytes * (gradients.ParameterCopies * one.Parameters + steps * batch * Gates * hidden),
            Operators = [new OperatorCount(OperatorKey.Matmul(product), steps + data + weight, (steps + data + weight) * product)],
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

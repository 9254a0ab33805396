namespace MlPerfEdu.Roofline.Count;

public sealed partial class StepCounter
{
    /// <summary>A long short-term memory over batch × steps × features, from a state of zeros; layers on top of each other.</summary>
    public StepCounter Lstm(string layer, long hidden, int depth = 1, bool dropout = false)
    {
        Expect(3, layer);
        var steps = shape[1];
        for (var i = 1; i <= depth; i++)
        {
            var (inputs, backward) = (shape[2], Gradients.Count > 0);
            AppendWithParameters(LstmCount.Input($"{layer} {i} input", batch, steps, inputs, hidden, backward), 2);
            AppendWithParameters(LstmCount.Hidden($"{layer} {i} hidden", batch, steps, inputs, hidden, backward), 2);
            Append(LstmCount.Cell($"{layer} {i} cell", batch, steps, hidden, dataGradient));
            if (dropout && i < depth)
                Dropout($"{layer} {i} dropout");
        }

        return this;
    }
}

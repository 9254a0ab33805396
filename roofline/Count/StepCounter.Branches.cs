namespace MlPerfEdu.Roofline.Count;

public sealed partial class StepCounter
{
    readonly Dictionary<string, KeptResult> kept = [];

    /// <summary>Body and shortcut see the same input; their results are added. Without a shortcut the input itself is.</summary>
    public StepCounter Residual(string layer, Action<StepCounter> body, Action<StepCounter>? shortcut = null)
    {
        var (ends, fork) = Fork(body, shortcut ?? Nothing);
        SameShape("Residual", layer, "adds", ends);
        return Append(JoinCount.Add(layer, ends[0].Shape, fork));
    }

    /// <summary>Two branches of the same input, multiplied element by element.</summary>
    public StepCounter Product(string layer, Action<StepCounter> left, Action<StepCounter> right)
    {
        var (ends, fork) = Fork(left, right);
        SameShape("Product", layer, "multiplies", ends);
        return Append(JoinCount.Multiply(layer, ends[0].Shape, ends.Count(end => end.Gradient), fork));
    }

    /// <summary>Branches of the same input side by side, along the channels or features: the dimension after the batch.</summary>
    public StepCounter Concat(string layer, params Action<StepCounter>[] branches)
    {
        var (ends, fork) = Fork(branches);
        var first = ends[0].Shape;
        foreach (var (other, _) in ends)
        {
            if (other.Length != first.Length || other[0] != first[0] || !other.Skip(2).SequenceEqual(first.Skip(2)))
                throw Mismatch("Concat", layer, "joins", first, other, "branches may differ in their second dimension only");
        }

        return Append(JoinCount.Concat(layer, [first[0], ends.Sum(end => end.Shape[1]), .. first[2..]], fork));
    }

    /// <summary>A branch with an end of its own, such as a second head with its loss; what follows starts where it did.</summary>
    public StepCounter Branch(Action<StepCounter> branch)
    {
        var (ends, fork) = Fork(branch, Nothing);
        (shape, dataGradient) = ends[1];
        var last = layers[^1];
        layers[^1] = last with { DataGradient = last.DataGradient + fork };
        return this;
    }

    /// <summary>
    /// Forward only, by code of this project and with the weights of layers that follow: libtorch sees nothing of it. What follows starts
    /// where it did.
    /// </summary>
    public StepCounter OwnKernel(string kernel, Action<StepCounter> part)
    {
        var (here, first, trains) = ((shape, dataGradient), layers.Count, training);
        training = false;
        part(this);
        (training, (shape, dataGradient)) = (trains, here);
        for (var i = first; i < layers.Count; i++)
        {
            var row = layers[i];
            layers[i] = row with
            {
                Kind = $"{row.Kind}, {kernel} kernel",
                Parameters = 0,
                Forward = row.Forward with { Calls = 0 },
                UniqueBytes = 0,
                Operators = [],
            };
        }
        return this;
    }

    /// <summary>Works on an input of its own and keeps the result under a name; what follows starts where it did.</summary>
    public StepCounter Aside(string name, long[] sample, Action<StepCounter> branch)
    {
        var here = (shape, dataGradient);
        Input(name, [batch, .. sample]);
        branch(this);
        kept[name] = new KeptResult(shape, dataGradient);
        (shape, dataGradient) = here;
        return this;
    }

    /// <summary>Adds to all positions of a channel what a branch makes of a kept result: batch × channels.</summary>
    public StepCounter AddPerChannel(string layer, string name, Action<StepCounter> branch)
    {
        var (main, mainGradient, source) = (shape, dataGradient, kept[name]);
        (shape, dataGradient) = (source.Shape, source.Gradient);
        branch(this);
        var (added, addedGradient) = (shape, dataGradient);
        if (!added.SequenceEqual(main.Take(2)))
            throw Mismatch("Sum", layer, "adds", main, added, "the second must be batch x channels of the first");
        var again = source.Uses++ > 0 && source.Gradient ? Accumulation.Of(Shapes.Elements(source.Shape)) : default;
        var (x, a) = (Shapes.Elements(main), Shapes.Elements(added));
        (shape, dataGradient) = (main, mainGradient || addedGradient);
        return Append(new LayerCount
        {
            Layer = layer,
            Kind = "add per channel",
            Output = main,
            Forward = new Work(0, x, Fp32.Bytes * (2 * x + a), 1),
            DataGradient = (addedGradient ? new Work(0, x, Fp32.Bytes * (x + a), 1) : default) + again,
            UniqueBytes = Fp32.Bytes * x,
        });
    }

    static void Nothing(StepCounter counter)
    {
    }

    (IReadOnlyList<(long[] Shape, bool Gradient)> Ends, Work Fork) Fork(params Action<StepCounter>[] branches)
    {
        var (fork, forkGradient) = (shape, dataGradient);
        var ends = new List<(long[] Shape, bool Gradient)>();
        foreach (var branch in branches)
        {
            (shape, dataGradient) = (fork, forkGradient);
            branch(this);
            ends.Add((shape, dataGradient));
        }

        dataGradient = ends.Any(end => end.Gradient);
        return (ends, forkGradient ? Accumulation.Of(Shapes.Elements(fork), branches.Length - 1) : default);
    }

    static void SameShape(string kind, string layer, string verb, IReadOnlyList<(long[] Shape, bool Gradient)> ends)
    {
        if (!ends[0].Shape.SequenceEqual(ends[1].Shape))
            throw Mismatch(kind, layer, verb, ends[0].Shape, ends[1].Shape, "both branches must end in the same shape");
    }

    static InvalidOperationException Mismatch(string kind, string layer, string verb, long[] first, long[] second, string rule) =>
        new($"{kind} '{layer}' {verb} shapes {string.Join('x', first)} and {string.Join('x', second)}; {rule}.");

    sealed class KeptResult(long[] shape, bool gradient)
    {
        public long[] Shape => shape;

        public bool Gradient => gradient;

        public int Uses { get; set; }
    }
}

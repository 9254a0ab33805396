namespace MlPerfEdu.Roofline.Count;

public sealed partial class StepCounter
{
    /// <summary>Projection, scores, softmax, values and output over batch × positions × width.</summary>
    /// <param name="project">Makes queries, keys and values side by side; by default a linear layer, or three.</param>
    public StepCounter SelfAttention(string layer, AttentionShape attention, Action<StepCounter>? project = null)
    {
        Expect(3, layer);
        var (width, positions) = (shape[2], shape[1]);
        Project(layer, attention, project);
        return Attend(layer, attention, width, positions).Linear($"{layer} out", width, attention.Bias);
    }

    /// <summary>One new position per sample looks at itself and at the positions that are in the cache already.</summary>
    public StepCounter CachedAttention(string layer, AttentionShape attention, long cached)
    {
        Expect(3, layer);
        if (training)
            throw new InvalidOperationException($"Layer '{layer}' reads a cache, which has no gradient; call ForInference first.");
        var (width, added) = (shape[2], shape[1]);
        Project(layer, attention, null);
        var keysAndValues = 2 * batch * attention.KeyValueHeads * attention.Head(width);
        Append(new LayerCount
        {
            Layer = $"{layer} cache",
            Kind = "key-value cache",
            Output = shape,
            Forward = new Work(0, 0, Fp32.Bytes * 2 * keysAndValues * added, 2),
            UniqueBytes = Fp32.Bytes * keysAndValues * (cached + added),
        });
        return Attend(layer, attention, width, cached + added).Linear($"{layer} out", width, attention.Bias);
    }

    void Project(string layer, AttentionShape attention, Action<StepCounter>? project)
    {
        var input = (long[])[.. shape];
        var (width, gradient) = (shape[2], dataGradient);
        var shared = attention.Head(width) * attention.KeyValueHeads;
        long[] outputs = attention.Fused ? [width + 2 * shared] : [width, shared, shared];
        if (project is not null)
        {
            project(this);
        }
        else
        {
            foreach (var (name, size) in (attention.Fused ? ["qkv"] : new[] { "q", "k", "v" }).Zip(outputs))
            {
                var after = dataGradient;
                (shape, dataGradient) = (input, gradient);
                Linear($"{layer} {name}", size, attention.Bias);
                dataGradient |= after;
            }
        }

        var uses = project is null ? outputs.Length : 1;
        var last = layers[^1];
        var fork = gradient ? Accumulation.Of(Shapes.Elements(input), uses - 1) : default;
        layers[^1] = last with { DataGradient = last.DataGradient + fork };
        shape = [.. input[..^1], width + 2 * shared];
    }

    // From queries, keys and values side by side to batch × positions × width.
    StepCounter Attend(string layer, AttentionShape attention, long width, long keys)
    {
        var queries = shape[1];
        var head = attention.Head(width);
        var pairs = batch * attention.Heads;
        var sharing = attention.Heads / attention.KeyValueHeads;
        if (attention.Rotary)
        {
            var turned = batch * queries * head * (attention.Heads + attention.KeyValueHeads);
            Append(RotaryCount.Of($"{layer} rotary", shape, turned, queries * head, dataGradient));
        }

        var blocks = attention.Blocks(queries, keys).ToList();
        if (attention.OwnKernel)
            return Append(Kernel());
        long[] scores = blocks.Count == 1
            ? [batch, attention.Heads, queries, keys]
            : [batch, attention.Heads, blocks.Sum(block => block.Queries * block.Keys)];
        Append(Products(
            $"{layer} scores", "scores", scores, blocks.Select(block => new ProductShape(pairs, block.Queries, head, block.Keys))));
        // Scaled by the width of a head before, masked if causal.
        var mask = attention.Causal ? 1 : 0;
        Elementwise($"{layer} softmax", attention.Causal ? "causal softmax" : "softmax", 6 + mask, 5 + mask);
        if (attention.Dropout)
            Dropout($"{layer} dropout");
        return Append(Products(
            $"{layer} values", "values", [batch, queries, width],
            blocks.Select(block => new ProductShape(pairs, block.Queries, block.Keys, head))));

        // Backwards each of the two products becomes two, and the scores' gradients pass through the softmax. The probabilities are kept.
        LayerCount Kernel()
        {
            var seen = pairs * blocks.Sum(block => block.Queries * block.Keys);
            var (results, kept) = (batch * queries * width, pairs * queries * keys);
            var projected = batch * (queries * width + 2 * keys * head * attention.KeyValueHeads);
            var macs = 2 * seen * head;
            return new LayerCount
            {
                Layer = $"{layer} heads",
                Kind = "attention kernel",
                Output = [batch, queries, width],
                ForwardMacs = macs,
                Forward = new Work(2 * macs, 7 * seen, Fp32.Bytes * (projected + results + kept), 1),
                DataGradient = dataGradient ? new Work(4 * macs, 6 * seen, Fp32.Bytes * (2 * projected + results + kept), 1) : default,
                UniqueBytes = Fp32.Bytes * (results + kept),
            };
        }

        LayerCount Products(string name, string kind, long[] output, IEnumerable<ProductShape> shapes) => shapes
            .Select(product => ProductCount.Of(name, kind, output, product with { Sharing = sharing }, dataGradient, dataGradient))
            .Aggregate(ProductCount.Together);
    }
}

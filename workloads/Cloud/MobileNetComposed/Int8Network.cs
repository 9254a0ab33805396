using MlPerfEdu.Numerics;

namespace MlPerfEdu.Workloads.Cloud.MobileNetComposed;

/// <summary>
/// A quantised network that answers one picture after the other, without libtorch: every layer reads bytes and writes bytes. Maps are [rows, columns,
/// channels]; those that a 3×3 convolution reads have a border of zeros.
/// </summary>
public sealed unsafe class Int8Network
{
    // Fewer tiles than this per thread: threads share outputs instead of places, so that each reads only its part of the weights.
    const int TilesWorthSharing = 8;

    readonly ThreadTeam? team;
    readonly int threads;
    readonly List<Action<int>> stages = [];
    readonly Action<int> part;
    // Of each layer but the classifier.
    readonly List<Buffer> results = [];
    readonly List<long> weightBytes = [];
    readonly QuantisedModel model;
    readonly float[] picture;
    readonly AlignedBuffer<int> sums;
    readonly double[] multipliers;

    /// <param name="form">How weights of pruned layers lie in memory; the others are dense.</param>
    public Int8Network(QuantisedModel model, bool usesTwoOfFour, int threads)
    {
        (this.model, this.threads) = (model, threads);
        team = threads > 1 ? ThreadTeam.Of(threads) : null;
        part = Part;
        var layers = model.Layers;
        var (stem, classifier) = (layers[0].Layer, layers[^1].Layer);
        picture = new float[stem.Side * stem.Side * stem.Inputs];
        sums = new(Int8Layer.WholePanels(classifier.Outputs));
        multipliers = model.Multipliers(layers.Count - 1);
        Logits = new float[classifier.Outputs];
        for (var i = 0; i < layers.Count; i++)
        {
            switch (layers[i].Layer.Kind)
            {
                case LayerKind.Depthwise: AddDepthwise(i); break;
                case LayerKind.Classifier: AddClassifier(i, Products(i, usesTwoOfFour)); break;
                default: AddProduct(i, Products(i, usesTwoOfFour)); break;
            }
        }
    }

    /// <summary>Of the last picture.</summary>
    public float[] Logits { get; }

    /// <summary>Bytes of a layer's weights and their places, as the kernels read them.</summary>
    public long BytesOf(int layer) => weightBytes[layer];

    /// <param name="pixels">[rows, columns, channels]</param>
    public void Run(ReadOnlySpan<float> pixels)
    {
        pixels.CopyTo(picture);
        if (team is null) Part(0);
        else team.Run(part);
    }

    void Part(int thread)
    {
        foreach (var stage in stages)
        {
            stage(thread);
            team?.Meet();
        }
    }

    /// <summary>What a layer but the classifier gave for the last picture, without the border.</summary>
    public byte[] Results(int layer)
    {
        var (from, map, bytes) = (results[layer], results[layer].Map, new List<byte>());
        for (var place = 0; place < map.Places; place++) bytes.AddRange(new ReadOnlySpan<byte>(from.First + map.Offset(place), map.Channels));
        return [.. bytes];
    }

    Int8Layer Products(int index, bool usesTwoOfFour)
    {
        var (layer, weights, _, _) = model.Layers[index];
        var form = usesTwoOfFour && layer.IsPruned ? Int8Form.TwoOfFour : Int8Form.Dense;
        var requantisation = layer.Kind == LayerKind.Classifier ? null : model.Requantise(index);
        var products = new Int8Layer(weights, layer.Outputs, layer.Taps, model.Before(index).Zero, form, requantisation);
        weightBytes.Add(products.Bytes);
        return products;
    }

    void AddProduct(int index, Int8Layer products)
    {
        var layer = model.Layers[index].Layer;
        // A convolution reads the next map with its border.
        var border = model.Layers[index + 1].Layer.Kind == LayerKind.Depthwise ? 1 : 0;
        Buffer from = layer.Kind == LayerKind.Stem ? AddPatches(layer, products.Inputs) : results[^1], to = Map(layer, border);
        var residual = layer.Residual >= 0 ? results[layer.Residual].First : null;
        int tiles = layer.Places / Int8Product.Rows, pairs = Int8Product.Pairs(products);
        var sharesTiles = tiles >= TilesWorthSharing * threads;
        results.Add(to);
        stages.Add(thread => Int8Product.Multiply(from.First, products, to.First, to.Map, residual,
            sharesTiles ? Share(thread, tiles) : (0, tiles), sharesTiles ? (0, pairs) : Share(thread, pairs)));
    }

    void AddDepthwise(int index)
    {
        var (layer, weights, _, _) = model.Layers[index];
        var convolution = new Int8Depthwise(weights, layer.Outputs, layer.Stride, model.Requantise(index));
        weightBytes.Add(convolution.Bytes);
        Buffer from = results[^1], to = Map(layer, border: 0);
        results.Add(to);
        stages.Add(thread => convolution.Rows(from.First, from.Map, to.First, to.Map, Share(thread, layer.Side)));
    }

    // The picture as bytes, and then of each place the nine that the first convolution sees, filled up to what a product reads.
    Buffer AddPatches(Layer stem, int room)
    {
        var zero = model.Activations[0].Zero;
        var bytes = new Buffer(new(stem.Side, stem.Side, stem.Inputs, Border: 1));
        var patches = new Buffer(new(stem.Side, stem.Side, room, Border: 0));
        new Span<byte>(bytes.First, bytes.Map.Bytes).Fill(zero);
        var (width, activation) = (stem.Side * stem.Inputs, model.Activations[0]);
        stages.Add(thread =>
        {
            var (from, until) = Share(thread, stem.Side);
            for (var row = from; row < until; row++)
            {
                var to = bytes.First + bytes.Map.Offset(row, 0);
                for (var i = 0; i < width; i++) to[i] = activation.Of(picture[row * width + i]);
            }
        });
        stages.Add(thread =>
        {
            var (from, until) = Share(thread, stem.Side * stem.Side);
            var seen = Layer.Kernel * stem.Inputs;
            for (var place = from; place < until; place++)
            {
                for (var up = 0; up < Layer.Kernel; up++)
                {
                    var source = bytes.First + bytes.Map.Offset(place / stem.Side + up - 1, place % stem.Side - 1);
                    new ReadOnlySpan<byte>(source, seen).CopyTo(new(patches.First + patches.Map.Offset(place) + up * seen, seen));
                }
            }
        });
        return patches;
    }

    // The mean over all places, as bytes, and then the classes.
    void AddClassifier(int index, Int8Layer products)
    {
        var (head, biases) = (results[^1], model.Layers[index].Biases);
        var means = new Buffer(new(1, 1, head.Map.Channels, Border: 0));
        var factor = MeanFactor(model);
        stages.Add(thread =>
        {
            var (from, until) = Share(thread, head.Map.Channels);
            for (var channel = from; channel < until; channel++)
            {
                var sum = 0;
                for (var at = channel; at < head.Map.Bytes; at += head.Map.Channels) sum += head.First[at];
                means.First[channel] = (byte)Math.Min(MathF.Round(sum * factor), Int8.Largest);
            }
        });
        stages.Add(thread =>
        {
            var (from, until) = Share(thread, products.Panels);
            Int8Product.Sum(means.First, products, (int*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref sums[0]), (from, until));
            for (var label = from * Int8.Lanes; label < Math.Min(until * Int8.Lanes, Logits.Length); label++)
                Logits[label] = (float)(sums[label] * multipliers[label] + (double)biases[label]);
        });
    }

    /// <summary>From the sum over all places to the byte of their mean.</summary>
    public static float MeanFactor(QuantisedModel model)
    {
        var head = model.Layers[^2].Layer;
        return (float)((double)model.After(model.Layers.Count - 2).Scale / head.Places / model.Activations[^1].Scale);
    }

    static Buffer Map(Layer layer, int border) => new(new(layer.Side, layer.Side, layer.Outputs, border));

    (int From, int To) Share(int thread, int units) => team?.Share(thread, units) ?? (0, units);

    sealed class Buffer
    {
        readonly AlignedBuffer<byte> bytes;

        public Buffer(ByteMap map)
        {
            (Map, bytes) = (map, new(map.Bytes));
            First = (byte*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref bytes[0]);
        }

        public ByteMap Map { get; }

        public byte* First { get; }
    }
}

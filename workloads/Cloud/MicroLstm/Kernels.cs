using MlPerfEdu.Numerics;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Cloud.MicroLstm;

/// <summary>
/// <see cref="MicroLstmModel"/> and its mean squared error, forwards and backwards, in one call. libtorch hands an hour of a layer to all threads,
/// waits for them, and does so 384 times a step; here a thread takes <see cref="Strip.Samples"/> samples through all hours and layers and back, and
/// the gradients of the strips are added up, in their order, at the end.
/// </summary>
sealed unsafe class FusedMicroLstm : SupervisedFusedStep
{
    readonly MicroLstmGeometry geometry;
    readonly float* hours;
    readonly PackedLayer[] layers;
    readonly PackedLayer head;
    readonly Strip[] strips;
    Xoshiro draws;

    /// <param name="series">[hours, series], which the workload keeps.</param>
    /// <param name="windows">How many begin in them.</param>
    public FusedMicroLstm(MicroLstmModel model, Tensor series, int windows, int batch, int? threads = null)
        : base(model, batch, batch * Macs(model.Geometry), threads)
    {
        geometry = model.Geometry;
        Check(series, windows);
        hours = NativeFloats.Of(series);
        // From libtorch's generator, so that the run's seed decides.
        draws = new Xoshiro((ulong)randint(long.MaxValue, 1, dtype: ScalarType.Int64).item<long>());
        var named = model.Lstm.named_parameters().ToDictionary(pair => pair.name, pair => pair.parameter);
        layers = [.. Enumerable.Range(0, geometry.Layers).Select(l => new PackedLayer(
            Gradients, [named[$"weight_ih_l{l}"], named[$"weight_hh_l{l}"]], [named[$"bias_ih_l{l}"], named[$"bias_hh_l{l}"]]))];
        head = new PackedLayer(Gradients, [model.Head.weight], [model.Head.bias!]);
        var count = (batch + Strip.Samples - 1) / Strip.Samples;
        strips = [.. Enumerable.Range(0, count).Select(_ => new Strip(geometry, layers, head, model.Dropout))];
    }

    /// <summary>Multiply-adds of a forward pass for one window.</summary>
    static long Macs(MicroLstmGeometry of) => of.Hidden * of.Horizon + (long)of.Window * LstmGates.Count * of.Hidden
        * (of.Series + of.Hidden + (of.Layers - 1) * 2 * of.Hidden);

    // Kernels do not look where they read.
    void Check(Tensor series, int windows)
    {
        if (geometry.Hidden % PackedLayer.Side != 0)
            throw new ArgumentException($"A hidden width of {geometry.Hidden}; expected a multiple of {PackedLayer.Side}.", nameof(series));
        if (series.shape[1] != geometry.Series || windows + geometry.Window + geometry.Horizon - 1 > series.shape[0])
            throw new ArgumentException(
                $"{series.shape[0]} hours of {series.shape[1]} series for {windows} windows; expected {geometry.Series} series, and room for every window with what follows it.",
                nameof(series));
    }

    // Nothing before the first layer is trained; libtorch computes the gradient of its input whether anybody asks or not.
    public override StepCount CountOf(StepCount plain)
    {
        var (count, first) = (base.CountOf(plain), plain.Layers.First(layer => layer.Parameters > 0).Layer);
        return count with { Layers = [.. count.Layers.Select(layer => layer.Layer == first ? layer with { DataGradient = default } : layer)] };
    }

    protected override void Part(int thread)
    {
        if (thread == 0) Prepare();
        Meet();
        for (var s = thread; s < strips.Length; s += Threads)
        {
            var samples = Positions[(s * Strip.Samples)..Math.Min((s + 1) * Strip.Samples, Batch)];
            strips[s].Run(hours, samples, 2f / (Batch * geometry.Horizon));
        }
        Meet();
        for (var l = 0; l <= layers.Length; l++)
        {
            var layer = l < layers.Length ? layers[l] : head;
            var (from, until) = (layer.Outputs * thread / Threads, layer.Outputs * (thread + 1) / Threads);
            for (var row = from; row < until; row++) layer.AddUp(row, strips, l);
        }
    }

    void Prepare()
    {
        foreach (var layer in layers) layer.Pack();
        head.Pack();
        foreach (var strip in strips) strip.Draw(ref draws);
    }

    /// <summary>Of an hour and of a layer, in the strip's order: what <see cref="KeyedDropout"/> gets.</summary>
    internal ulong DropoutKey(int strip, int layer, int hour) => strips[strip].Key(layer, hour);

    protected override float Loss()
    {
        var sum = 0.0;
        foreach (var strip in strips) sum += strip.SquaredError;
        return (float)(sum / (Batch * geometry.Horizon));
    }

    public override void Dispose()
    {
        foreach (var layer in layers) layer.Dispose();
        head.Dispose();
        foreach (var strip in strips) strip.Dispose();
        base.Dispose();
        GC.SuppressFinalize(this);
    }
}

/// <summary>
/// The weights of what is multiplied side by side (input and state, or the input alone) in one matrix, and once more transposed, renewed for each
/// step; and where their gradients go.
/// </summary>
sealed unsafe class PackedLayer : IDisposable
{
    // Transpositions take squares of this side; the other is the vector's.
    public const int Side = 4, Widest = 16;

    readonly float*[] weights, biases, weightGradients, biasGradients;
    readonly int[] widths;
    readonly NativeFloats packed, transposed, bias;

    public PackedLayer(FlatGradients gradients, Tensor[] weights, Tensor[] biases)
    {
        Outputs = (int)weights[0].shape[0];
        widths = [.. weights.Select(weight => (int)weight.shape[1])];
        Inputs = widths.Sum();
        Stride = RoundUp(Inputs, Widest);
        this.weights = new float*[weights.Length];
        weightGradients = new float*[weights.Length];
        this.biases = new float*[biases.Length];
        biasGradients = new float*[biases.Length];
        for (var i = 0; i < weights.Length; i++)
        {
            this.weights[i] = NativeFloats.Of(weights[i]);
            this.biases[i] = NativeFloats.Of(biases[i]);
            weightGradients[i] = gradients.Of(weights[i]);
            biasGradients[i] = gradients.Of(biases[i]);
        }
        packed = Zeros(RoundUp(Outputs, Side) * Stride);
        transposed = Zeros(Stride * RoundUp(Outputs, Side));
        bias = Zeros(Outputs);
    }

    public int Outputs { get; }
    public int Inputs { get; }

    /// <summary>From a row of weights to the next one.</summary>
    public int Stride { get; }

    public float* Weight => packed.Address;
    public float* Transposed => transposed.Address;
    public int TransposedStride => RoundUp(Outputs, Side);
    public float* Bias => bias.Address;

    public void Pack()
    {
        for (var row = 0; row < Outputs; row++)
        {
            var to = packed.Address + row * Stride;
            var sum = 0f;
            for (var i = 0; i < widths.Length; to += widths[i++])
            {
                new Span<float>(weights[i] + row * widths[i], widths[i]).CopyTo(new(to, widths[i]));
                sum += biases[i][row];
            }
            bias.Address[row] = sum;
        }
        Transposition.Of(packed.Address, Stride, RoundUp(Outputs, Side), Stride, transposed.Address, TransposedStride);
    }

    /// <summary>A row of the gradients: those of all strips, in their order.</summary>
    public void AddUp(int row, Strip[] strips, int layer)
    {
        var sum = strips[0].Gradients(layer) + row * Stride;
        var ofBias = strips[0].BiasGradients(layer)[row];
        for (var s = 1; s < strips.Length; s++)
        {
            Simd.AddScaled(ref *sum, ref strips[s].Gradients(layer)[row * Stride], 1, Inputs);
            ofBias += strips[s].BiasGradients(layer)[row];
        }
        for (var i = 0; i < widths.Length; sum += widths[i++])
        {
            new Span<float>(sum, widths[i]).CopyTo(new(weightGradients[i] + row * widths[i], widths[i]));
            biasGradients[i][row] = ofBias;
        }
    }

    public static int RoundUp(int value, int multiple) => (value + multiple - 1) / multiple * multiple;

    public static NativeFloats Zeros(int count)
    {
        var zeros = new NativeFloats(count);
        new Span<float>(zeros.Address, count).Clear();
        return zeros;
    }

    public void Dispose()
    {
        packed.Dispose();
        transposed.Dispose();
        bias.Dispose();
    }
}

namespace MlPerfEdu.Numerics;

/// <summary>What follows the layers of a <see cref="LayerChain"/>.</summary>
public enum Activation
{
    Relu,
    Tanh,
}

/// <summary>
/// Linear layers with an activation after each of them but the last, forwards and backwards for a batch. Samples are columns, so that a vector
/// holds as many samples as it has lanes and weights are read as they lie. Threads share samples first and rows of weights afterwards; every
/// number is summed in one order, however many they are.
/// </summary>
public sealed unsafe class LayerChain : IDisposable
{
    // Columns end with a cache line that nothing uses: rows a power of two apart would fall into the same few places of a cache.
    const int Line = 16;

    readonly LinearLayer[] layers;
    // Before each layer, and after the last one.
    readonly Level[] levels;
    readonly Activation activation;
    readonly bool lastIsActive, inputHasGradient;

    /// <param name="samples">The most of a batch.</param>
    /// <param name="lastIsActive">The last layer's output passes the activation, too.</param>
    /// <param name="inputHasGradient">Something before the first layer is trained.</param>
    public LayerChain(
        IReadOnlyList<LinearLayer> layers, Activation activation, int samples, bool lastIsActive = false, bool inputHasGradient = false)
    {
        this.layers = [.. layers];
        (this.activation, this.lastIsActive, this.inputHasGradient) = (activation, lastIsActive, inputHasGradient);
        Columns = RoundUp(samples, Block);
        Stride = Columns + Line;
        int[] widths = [layers[0].Inputs, .. layers.Select(layer => layer.Outputs)];
        levels = [.. widths.Select(width => new Level(width, Columns, Stride))];
    }

    /// <summary>Samples are computed so many at a time.</summary>
    public static int Block => 2 * (Simd.Is512 ? Wide512.Lanes : Wide256.Lanes);

    /// <summary>Samples, filled up to whole blocks. What stands in the additional columns is computed and reaches no weight.</summary>
    public int Columns { get; }

    /// <summary>From a number of a sample to its next one.</summary>
    public int Stride { get; }

    /// <summary>Multiply-adds of a forward pass for one sample.</summary>
    public long Macs => layers.Sum(layer => (long)layer.Inputs * layer.Outputs);

    /// <summary>[inputs, columns], from the rows that <see cref="Forward"/> found.</summary>
    public float* Inputs => levels[0].Values;

    /// <summary>[outputs, columns]</summary>
    public float* Outputs => levels[^1].Values;

    /// <summary>[outputs, columns], to be written before <see cref="Backward"/>.</summary>
    public float* OutputGradients => levels[^1].Gradients;

    /// <summary>[inputs, columns]</summary>
    public float* InputGradients => levels[0].Gradients;

    /// <summary>A sample's inputs, to be written before <see cref="Forward"/>.</summary>
    public float* Row(int sample) => levels[0].Rows + (nint)sample * levels[0].RowStride;

    /// <summary>The outputs of some samples: from one multiple of <see cref="Block"/> to another.</summary>
    public void Forward(int from, int until)
    {
        if (Simd.Is512) Forward<Wide512>(from, until);
        else Forward<Wide256>(from, until);
    }

    /// <summary>From the gradients of the same samples' outputs to those of every layer.</summary>
    public void Backward(int from, int until)
    {
        if (Simd.Is512) Backward<Wide512>(from, until);
        else Backward<Wide256>(from, until);
    }

    /// <summary>This thread's share of the gradients of weights and biases, after all samples went backwards.</summary>
    public void WeightGradients(int samples, int thread, int threads)
    {
        for (var l = 0; l < layers.Length; l++)
            ColumnLinear.WeightGradients(layers[l], levels[l + 1].Gradients, Stride, levels[l].Rows, levels[l].RowStride, samples, thread, threads);
    }

    public void Dispose()
    {
        foreach (var level in levels) level.Dispose();
    }

    void Forward<T>(int from, int until)
        where T : struct, IWide<T>
    {
        var columns = until - from;
        var first = levels[0];
        Transposition.Of(Row(from), first.RowStride, columns, RoundUp(first.Width, Level.Side), first.Values + from, Stride);
        for (var l = 0; l < layers.Length; l++)
        {
            var (layer, x, y) = (layers[l], levels[l], levels[l + 1]);
            ColumnLinear.Forward(layer, x.Values + from, Stride, y.Values + from, Stride, columns);
            if (IsActive(l)) Activate<T>(y.Values + from, layer.Outputs, columns);
            if (l + 1 < layers.Length)
                Transposition.Of(y.Values + from, Stride, RoundUp(y.Width, Level.Side), columns, y.Rows + (nint)from * y.RowStride, y.RowStride);
        }
    }

    void Backward<T>(int from, int until)
        where T : struct, IWide<T>
    {
        var columns = until - from;
        for (var l = layers.Length - 1; l >= 0; l--)
        {
            var (layer, x, y) = (layers[l], levels[l], levels[l + 1]);
            if (IsActive(l)) Derive<T>(y.Values + from, y.Gradients + from, layer.Outputs, columns);
            if (l > 0 || inputHasGradient) ColumnLinear.Backward(layer, y.Gradients + from, Stride, x.Gradients + from, Stride, columns);
        }
    }

    bool IsActive(int l) => l + 1 < layers.Length || lastIsActive;

    [MethodImpl(Simd.Loop)]
    void Activate<T>(float* values, int rows, int columns)
        where T : struct, IWide<T>
    {
        for (var row = 0; row < rows; row++, values += Stride)
        {
            for (var column = 0; column < columns; column += T.Lanes)
            {
                var x = T.Load(values + column);
                (activation == Activation.Relu ? T.Max(default, x) : Tanh(x)).Store(values + column);
            }
        }
    }

    // From the gradients of what an activation gave to those of what it got.
    [MethodImpl(Simd.Loop)]
    void Derive<T>(float* values, float* gradients, int rows, int columns)
        where T : struct, IWide<T>
    {
        for (var row = 0; row < rows; row++, values += Stride, gradients += Stride)
        {
            for (var column = 0; column < columns; column += T.Lanes)
            {
                T y = T.Load(values + column), gradient = T.Load(gradients + column);
                (activation == Activation.Relu ? gradient & T.Less(default, y) : gradient * (T.Create(1) - y * y)).Store(gradients + column);
            }
        }
    }

    // tanh x = 1 − 2 / (exp 2x + 1); beyond ±9 it is ±1 to the last bit of a float.
    [MethodImpl(Simd.Inline)]
    static T Tanh<T>(T x)
        where T : struct, IWide<T>
    {
        var within = T.Max(T.Create(-9), T.Min(T.Create(9), x));
        return T.Create(1) - T.Create(2) / (Exponential.Of(within + within) + T.Create(1));
    }

    static int RoundUp(int value, int multiple) => (value + multiple - 1) / multiple * multiple;

    /// <summary>What stands between two layers: as columns, and once more as rows, which gradients of weights are products with.</summary>
    readonly struct Level : IDisposable
    {
        // Transpositions take squares of this side.
        public const int Side = 4;

        public Level(int width, int columns, int stride)
        {
            (Width, RowStride) = (width, RoundUp(width, Line));
            var numbers = (nint)RoundUp(width, Side) * stride;
            Values = Zeros(numbers);
            Gradients = Zeros(numbers);
            Rows = Zeros((nint)columns * RowStride);
        }

        public int Width { get; }
        public int RowStride { get; }
        public float* Values { get; }
        public float* Gradients { get; }
        public float* Rows { get; }

        public void Dispose()
        {
            NativeMemory.AlignedFree(Values);
            NativeMemory.AlignedFree(Gradients);
            NativeMemory.AlignedFree(Rows);
        }

        static float* Zeros(nint count)
        {
            var zeros = (float*)NativeMemory.AlignedAlloc((nuint)count * sizeof(float), Line * sizeof(float));
            NativeMemory.Clear(zeros, (nuint)count * sizeof(float));
            return zeros;
        }
    }
}

using System.Runtime.CompilerServices;
using MlPerfEdu.Numerics;

namespace MlPerfEdu.Workloads.Cloud.MicroLstm;

/// <summary>
/// Some samples of a batch on their way through all layers and hours and back, on one thread. A sample is a column, so that a vector holds as many
/// samples as it has lanes; what belongs to an hour of a layer lies together.
/// </summary>
sealed unsafe class Strip : IDisposable
{
    /// <summary>Two of the widest vectors, or four: fewer would leave registers without a sum of a product.</summary>
    public const int Samples = 32;

    readonly MicroLstmGeometry geometry;
    readonly Level[] levels;
    readonly PackedLayer head;
    readonly double dropout;
    // [horizon, samples]; of the weights [horizon, stride]
    readonly NativeFloats changes, headGradients, headBiasGradients, rows;
    int filled;

    public Strip(MicroLstmGeometry geometry, PackedLayer[] layers, PackedLayer head, double dropout)
    {
        (this.geometry, this.head, this.dropout) = (geometry, head, dropout);
        levels = [.. layers.Select(layer => new Level(layer, geometry))];
        changes = PackedLayer.Zeros(PackedLayer.RoundUp(geometry.Horizon, PackedLayer.Side) * Samples);
        headGradients = PackedLayer.Zeros(head.Outputs * head.Stride);
        headBiasGradients = PackedLayer.Zeros(head.Outputs);
        rows = PackedLayer.Zeros(Samples * layers.Max(layer => layer.Stride));
    }

    public double SquaredError { get; private set; }

    /// <summary>Of the layers' weights, then of the head's.</summary>
    public float* Gradients(int layer) => layer < levels.Length ? levels[layer].WeightGradients.Address : headGradients.Address;

    public float* BiasGradients(int layer) => layer < levels.Length ? levels[layer].BiasGradients.Address : headBiasGradients.Address;

    public ulong Key(int layer, int hour) => levels[layer].Keys[hour];

    /// <summary>What will be left out, between two layers at an hour.</summary>
    public void Draw(ref Xoshiro random)
    {
        foreach (var level in levels)
        {
            for (var hour = 0; hour < level.Keys.Length; hour++) level.Keys[hour] = random.Next();
        }
    }

    /// <param name="hours">[hours, series]</param>
    /// <param name="windows">Where each sample's window begins.</param>
    /// <param name="scale">From a difference to its gradient.</param>
    public void Run(float* hours, ReadOnlySpan<long> windows, float scale)
    {
        filled = windows.Length;
        if (Simd.Is512) Run<Wide512>(hours, windows, scale);
        else Run<Wide256>(hours, windows, scale);
    }

    void Run<T>(float* hours, ReadOnlySpan<long> windows, float scale)
        where T : struct, IWide<T>
    {
        Look(hours, windows);
        for (var hour = 0; hour < geometry.Window; hour++)
        {
            for (var l = 0; l < levels.Length; l++) Forward<T>(l, hour);
        }
        Judge<T>(hours, windows, scale);
        for (var hour = geometry.Window - 1; hour >= 0; hour--)
        {
            for (var l = levels.Length - 1; l >= 0; l--) Backward<T>(l, hour);
        }
    }

    // The first layer's inputs: each series' difference from its last value in the window.
    void Look(float* hours, ReadOnlySpan<long> windows)
    {
        for (var sample = 0; sample < windows.Length; sample++)
        {
            var from = hours + (nint)windows[sample] * geometry.Series;
            var last = from + (nint)(geometry.Window - 1) * geometry.Series;
            for (var hour = 0; hour < geometry.Window; hour++, from += geometry.Series)
            {
                var to = levels[0].Input(hour) + sample;
                for (var i = 0; i < geometry.Series; i++) to[i * Samples] = from[i] - last[i];
            }
        }
    }

    void Forward<T>(int l, int hour)
        where T : struct, IWide<T>
    {
        var (level, layer) = (levels[l], levels[l].Layer);
        float* gates = level.Gates(hour), output = level.State(hour + 1);
        Tiles<T>.Multiply(
            new(layer.Weight, layer.Stride), new(level.Input(hour), Samples), new(gates, Samples), layer.Outputs, Samples, layer.Inputs, layer.Bias);
        LstmGates.Forward<T>(gates, level.Cell(hour), level.Cell(hour + 1), output, geometry.Hidden * Samples);
        if (l + 1 < levels.Length)
            KeyedDropout.Keep(output, levels[l + 1].Input(hour), geometry.Hidden * Samples, dropout, level.Keys[hour]);
    }

    // What is predicted, its loss, and the gradients of the head and of the last state.
    void Judge<T>(float* hours, ReadOnlySpan<long> windows, float scale)
        where T : struct, IWide<T>
    {
        var last = levels[^1];
        var state = last.State(geometry.Window);
        Tiles<T>.Multiply(
            new(head.Weight, head.Stride), new(state, Samples), new(changes.Address, Samples), head.Outputs, Samples, head.Inputs, head.Bias);
        SquaredError = 0;
        for (var ahead = 0; ahead < geometry.Horizon; ahead++)
        {
            var change = changes.Address + ahead * Samples;
            for (var sample = 0; sample < windows.Length; sample++)
            {
                var now = hours + ((nint)windows[sample] + geometry.Window) * geometry.Series - 1;
                var difference = change[sample] + now[0] - now[(1 + ahead) * geometry.Series];
                SquaredError += (double)difference * difference;
                change[sample] = scale * difference;
            }
            // Nothing that an unused column computes reaches a weight.
            new Span<float>(change + windows.Length, Samples - windows.Length).Clear();
            headBiasGradients.Address[ahead] = Sum<T>(change);
        }
        Transposition.Of(state, Samples, geometry.Hidden, Samples, rows.Address, head.Stride);
        Tiles<T>.Multiply(
            new(changes.Address, Samples), new(rows.Address, head.Stride), new(headGradients.Address, head.Stride), head.Outputs, head.Stride, Samples);
        foreach (var level in levels) level.BeginBackward();
        Tiles<T>.Multiply(
            new(head.Transposed, head.TransposedStride), new(changes.Address, Samples), new(last.StateGradient, Samples), geometry.Hidden, Samples,
            head.Outputs);
    }

    void Backward<T>(int l, int hour)
        where T : struct, IWide<T>
    {
        var (level, layer, numbers) = (levels[l], levels[l].Layer, geometry.Hidden * Samples);
        if (l + 1 < levels.Length)
        {
            // Through the dropout, and added to what comes from the next hour.
            KeyedDropout.Keep(levels[l + 1].InputGradient, levels[l + 1].InputGradient, numbers, dropout, level.Keys[hour]);
            Simd.AddScaled(ref *level.StateGradient, ref *levels[l + 1].InputGradient, 1, numbers);
        }
        var gates = level.Gates(hour);
        LstmGates.Backward<T>(gates, level.Cell(hour), level.Cell(hour + 1), level.StateGradient, level.CellGradient.Address, numbers);
        for (var row = 0; row < layer.Outputs; row++) level.BiasGradients.Address[row] += Sum<T>(gates + row * Samples);
        Transposition.Of(level.Input(hour), Samples, PackedLayer.RoundUp(layer.Inputs, PackedLayer.Side), Samples, rows.Address, layer.Stride);
        Tiles<T>.Multiply(
            new(gates, Samples), new(rows.Address, layer.Stride), new(level.WeightGradients.Address, layer.Stride),
            layer.Outputs, PackedLayer.RoundUp(layer.Inputs, T.Lanes), Samples, adds: true);
        // Nothing before the first layer is trained: only the state's gradients.
        var first = l == 0 ? geometry.Series : 0;
        Tiles<T>.Multiply(
            new Strided(layer.Transposed, layer.TransposedStride).At(first, 0), new(gates, Samples), new Strided(level.InputGradient, Samples).At(first, 0),
            layer.Inputs - first, Samples, layer.Outputs);
    }

    static float Sum<T>(float* values)
        where T : struct, IWide<T>
    {
        T sums = default;
        for (var i = 0; i < Samples; i += T.Lanes) sums += T.Load(values + i);
        return Simd.Sum(sums);
    }

    public void Dispose()
    {
        foreach (var level in levels) level.Dispose();
        changes.Dispose();
        headGradients.Dispose();
        headBiasGradients.Dispose();
        rows.Dispose();
    }

    /// <summary>What a layer keeps of every hour: its input with the state before it, its gates and its cell; and its gradients.</summary>
    sealed class Level : IDisposable
    {
        readonly NativeFloats inputs, gates, cells, inputGradients;
        readonly int before, numbers, inputNumbers;

        public Level(PackedLayer layer, MicroLstmGeometry geometry)
        {
            Layer = layer;
            Keys = new ulong[geometry.Window];
            (before, numbers) = ((layer.Inputs - geometry.Hidden) * Samples, geometry.Hidden * Samples);
            inputNumbers = PackedLayer.RoundUp(layer.Inputs, PackedLayer.Side) * Samples;
            inputs = PackedLayer.Zeros((geometry.Window + 1) * inputNumbers);
            gates = PackedLayer.Zeros(geometry.Window * LstmGates.Count * numbers);
            cells = PackedLayer.Zeros((geometry.Window + 1) * numbers);
            inputGradients = PackedLayer.Zeros(inputNumbers);
            CellGradient = PackedLayer.Zeros(numbers);
            WeightGradients = PackedLayer.Zeros(layer.Outputs * layer.Stride);
            BiasGradients = PackedLayer.Zeros(layer.Outputs);
        }

        public PackedLayer Layer { get; }
        public ulong[] Keys { get; }
        public NativeFloats CellGradient { get; }
        public NativeFloats WeightGradients { get; }
        public NativeFloats BiasGradients { get; }

        /// <summary>What is multiplied at an hour: input, then the state that the hour before left.</summary>
        public float* Input(int hour) => inputs.Address + (nint)hour * inputNumbers;

        /// <summary>Before an hour.</summary>
        public float* State(int hour) => Input(hour) + before;

        /// <summary>[gates, hidden, samples]; on the way back their gradients.</summary>
        public float* Gates(int hour) => gates.Address + (nint)hour * LstmGates.Count * numbers;

        public float* Cell(int hour) => cells.Address + (nint)hour * numbers;

        public float* InputGradient => inputGradients.Address;

        public float* StateGradient => inputGradients.Address + before;

        public void BeginBackward()
        {
            new Span<float>(InputGradient, inputNumbers).Clear();
            new Span<float>(CellGradient.Address, numbers).Clear();
            new Span<float>(WeightGradients.Address, Layer.Outputs * Layer.Stride).Clear();
            new Span<float>(BiasGradients.Address, Layer.Outputs).Clear();
        }

        public void Dispose()
        {
            inputs.Dispose();
            gates.Dispose();
            cells.Dispose();
            inputGradients.Dispose();
            CellGradient.Dispose();
            WeightGradients.Dispose();
            BiasGradients.Dispose();
        }
    }
}

/// <summary>Input, forget, cell and output gate: c ← f·c + i·g, h = o·tanh c.</summary>
static unsafe class LstmGates
{
    public const int Count = 4;

    /// <param name="gates">[4, numbers] from the product; what their activations make of them.</param>
    [MethodImpl(Simd.Loop)]
    public static void Forward<T>(float* gates, float* before, float* cell, float* state, int numbers)
        where T : struct, IWide<T>
    {
        for (nint n = 0; n < numbers; n += T.Lanes)
        {
            float* i = gates + n, f = i + numbers, g = f + numbers, o = g + numbers;
            T input = Sigmoid(T.Load(i)), forget = Sigmoid(T.Load(f)), candidate = Tanh(T.Load(g)), output = Sigmoid(T.Load(o));
            var next = T.MultiplyAdd(forget, T.Load(before + n), input * candidate);
            input.Store(i);
            forget.Store(f);
            candidate.Store(g);
            output.Store(o);
            next.Store(cell + n);
            (output * Tanh(next)).Store(state + n);
        }
    }

    /// <param name="gates">What the forward pass left; then the gradients of what it got.</param>
    /// <param name="cellGradient">From the next hour; then for the hour before.</param>
    [MethodImpl(Simd.Loop)]
    public static void Backward<T>(float* gates, float* before, float* cell, float* stateGradient, float* cellGradient, int numbers)
        where T : struct, IWide<T>
    {
        var one = T.Create(1);
        for (nint n = 0; n < numbers; n += T.Lanes)
        {
            float* i = gates + n, f = i + numbers, g = f + numbers, o = g + numbers;
            T input = T.Load(i), forget = T.Load(f), candidate = T.Load(g), output = T.Load(o);
            T tanh = Tanh(T.Load(cell + n)), ofState = T.Load(stateGradient + n);
            var ofCell = T.MultiplyAdd(ofState * output, one - tanh * tanh, T.Load(cellGradient + n));
            (ofCell * candidate * input * (one - input)).Store(i);
            (ofCell * T.Load(before + n) * forget * (one - forget)).Store(f);
            (ofCell * input * (one - candidate * candidate)).Store(g);
            (ofState * tanh * output * (one - output)).Store(o);
            (ofCell * forget).Store(cellGradient + n);
        }
    }

    [MethodImpl(Simd.Inline)]
    static T Sigmoid<T>(T x) where T : struct, IWide<T> => T.Create(1) / (T.Create(1) + Exponential.Of(-x));

    // 1 − 2 / (exp 2x + 1), whose error of a rounding at 1 is small beside the gates' own.
    [MethodImpl(Simd.Inline)]
    static T Tanh<T>(T x) where T : struct, IWide<T> => T.Create(1) - T.Create(2) / (Exponential.Of(x + x) + T.Create(1));
}

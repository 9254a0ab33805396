namespace MlPerfEdu.Numerics;

/// <summary>Where the places of a map of bytes lie, [height, width, channels], with or without a border of zeros around it.</summary>
readonly record struct ByteMap(int Height, int Width, int Channels, int Border)
{
    public int Places => Height * Width;

    public int Pitch => (Width + 2 * Border) * Channels;

    public int Bytes => (Height + 2 * Border) * Pitch;

    public nint Offset(int place) => Offset(place / Width, place % Width);

    public nint Offset(int row, int column) => (nint)(row + Border) * Pitch + (column + Border) * Channels;
}

/// <summary>Products of activations and weights that are bytes, with sums of 32 bits: tiles of four places by sixteen outputs stay in registers.</summary>
static unsafe class Int8Product
{
    /// <summary>Places of a tile; a row of a map has a multiple of them.</summary>
    public const int Rows = 4;

    /// <summary>
    /// Some tiles of a map by some pairs of panels. Where the number of panels is odd, the last two pairs share one, and compute it twice.
    /// </summary>
    /// <param name="x">[places, inputs], one after the other.</param>
    /// <param name="y">The map's first byte.</param>
    /// <param name="residual">[places, outputs], one after the other; null for none.</param>
    public static void Multiply(byte* x, Int8Layer layer, byte* y, ByteMap map, byte* residual, (int From, int To) tiles, (int From, int To) pairs)
    {
        for (var pair = pairs.From; pair < pairs.To; pair++)
        {
            var panel = Math.Min(2 * pair, layer.Panels - 2);
            for (var tile = tiles.From; tile < tiles.To; tile++)
            {
                nint place = tile * Rows, channel = panel * Int8.Lanes;
                var from = x + place * layer.Inputs;
                var to = y + map.Offset((int)place) + channel;
                var added = residual is null ? null : residual + place * layer.Outputs + channel;
                if (layer.Form == Int8Form.Dense) Tiles<DenseQuads>.Four(from, layer, panel, to, added);
                else Tiles<ChosenQuads>.Four(from, layer, panel, to, added);
            }
        }
    }

    public static int Pairs(Int8Layer layer) => (layer.Panels + 1) / 2;

    /// <summary>The sums of one place for some panels, without anything after them.</summary>
    public static void Sum(byte* x, Int8Layer layer, int* sums, (int From, int To) panels)
    {
        for (var panel = panels.From; panel < panels.To; panel++)
        {
            if (layer.Form == Int8Form.Dense) Tiles<DenseQuads>.One(x, layer, panel, sums);
            else Tiles<ChosenQuads>.One(x, layer, panel, sums);
        }
    }

    /// <summary>What one vector of weights is multiplied with.</summary>
    interface IQuads
    {
        /// <summary>Inputs that a vector of weights covers, and bytes from it to the next one.</summary>
        static abstract int Inputs { get; }
        static abstract int Stride { get; }

        /// <summary>The inputs, in every lane.</summary>
        static abstract Vector256<byte> Load(byte* x);
        static abstract Vector256<byte> Places(byte* weights);
        static abstract Vector256<byte> Choose(Vector256<byte> x, Vector256<byte> places);
    }

    readonly struct DenseQuads : IQuads
    {
        public static int Inputs => 4;
        public static int Stride => 32;
        [MethodImpl(Simd.Inline)] public static Vector256<byte> Load(byte* x) => Vector256.Create(*(int*)x).AsByte();
        [MethodImpl(Simd.Inline)] public static Vector256<byte> Places(byte* weights) => default;
        [MethodImpl(Simd.Inline)] public static Vector256<byte> Choose(Vector256<byte> x, Vector256<byte> places) => x;
    }

    // Half the multiplications for a shuffle: what two of four gains.
    readonly struct ChosenQuads : IQuads
    {
        public static int Inputs => 8;
        public static int Stride => 64;
        [MethodImpl(Simd.Inline)] public static Vector256<byte> Load(byte* x) => Vector256.Create(*(long*)x).AsByte();
        [MethodImpl(Simd.Inline)] public static Vector256<byte> Places(byte* weights) => Vector256.Load(weights + 32);
        [MethodImpl(Simd.Inline)] public static Vector256<byte> Choose(Vector256<byte> x, Vector256<byte> places) => Int8.Choose(x, places);
    }

    static class Tiles<T>
        where T : struct, IQuads
    {
        [MethodImpl(Simd.Loop)]
        public static void Four(byte* x, Int8Layer layer, int panel, byte* y, byte* residual)
        {
            nint inputs = layer.Inputs, outputs = layer.Outputs, other = layer.BytesPerPanel;
            byte* weights = layer.Panel(panel), x1 = x + inputs, x2 = x1 + inputs, x3 = x2 + inputs;
            var channel = (nint)panel * Int8.Lanes;
            Vector256<int> s00 = Vector256.Load(layer.Starts + channel), s01 = Vector256.Load(layer.Starts + channel + Int8.Lanes);
            Vector256<int> s10 = s00, s11 = s01, s20 = s00, s21 = s01, s30 = s00, s31 = s01;
            for (nint k = 0; k < inputs; k += T.Inputs, weights += T.Stride)
            {
                Vector256<byte> places0 = T.Places(weights), places1 = T.Places(weights + other);
                Vector256<sbyte> w0 = Vector256.Load((sbyte*)weights), w1 = Vector256.Load((sbyte*)weights + other);
                var values = T.Load(x + k);
                (s00, s01) = (Int8.AddQuads(s00, T.Choose(values, places0), w0), Int8.AddQuads(s01, T.Choose(values, places1), w1));
                values = T.Load(x1 + k);
                (s10, s11) = (Int8.AddQuads(s10, T.Choose(values, places0), w0), Int8.AddQuads(s11, T.Choose(values, places1), w1));
                values = T.Load(x2 + k);
                (s20, s21) = (Int8.AddQuads(s20, T.Choose(values, places0), w0), Int8.AddQuads(s21, T.Choose(values, places1), w1));
                values = T.Load(x3 + k);
                (s30, s31) = (Int8.AddQuads(s30, T.Choose(values, places0), w0), Int8.AddQuads(s31, T.Choose(values, places1), w1));
            }
            var epilogue = layer.Epilogue!;
            nint next = residual is null ? 0 : outputs;
            Finish(epilogue, s00, s01, channel, y, residual);
            Finish(epilogue, s10, s11, channel, y + outputs, residual + next);
            Finish(epilogue, s20, s21, channel, y + 2 * outputs, residual + 2 * next);
            Finish(epilogue, s30, s31, channel, y + 3 * outputs, residual + 3 * next);
        }

        [MethodImpl(Simd.Inline)]
        static void Finish(Epilogue epilogue, Vector256<int> low, Vector256<int> high, nint channel, byte* y, byte* residual)
        {
            epilogue.Finish(low, channel, y, residual);
            epilogue.Finish(high, channel + Int8.Lanes, y + Int8.Lanes, residual is null ? null : residual + Int8.Lanes);
        }

        [MethodImpl(Simd.Loop)]
        public static void One(byte* x, Int8Layer layer, int panel, int* sums)
        {
            var weights = layer.Panel(panel);
            var s = Vector256.Load(layer.Starts + panel * Int8.Lanes);
            for (nint k = 0; k < layer.Inputs; k += T.Inputs, weights += T.Stride)
                s = Int8.AddQuads(s, T.Choose(T.Load(x + k), T.Places(weights)), Vector256.Load((sbyte*)weights));
            s.Store(sums + panel * Int8.Lanes);
        }
    }
}

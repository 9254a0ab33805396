namespace MlPerfEdu.Numerics;

/// <summary>How a layer's weights lie in memory.</summary>
enum Int8Form
{
    /// <summary>All of them, four inputs side by side for each of eight outputs.</summary>
    Dense,

    /// <summary>Two of each four, those of eight inputs side by side, and which of the eight they belong to.</summary>
    TwoOfFour,
}

/// <summary>
/// The weights of a product, [outputs, inputs] of bytes, as <see cref="Int8Product"/> reads them: panels of eight outputs, whose inputs follow
/// one another.
/// </summary>
sealed unsafe class Int8Layer
{
    // A panel's vector, and what a lane of it holds.
    const int Vector = 32, Quad = 4, TwoQuads = 8;

    readonly AlignedBuffer<byte> panels;
    readonly AlignedBuffer<int> starts;

    /// <param name="weights">[outputs, inputs], from −127 to 127; two of four in every group of four inputs where the form is that.</param>
    /// <param name="inputZero">The byte that stands for an input of 0.</param>
    public Int8Layer(ReadOnlySpan<sbyte> weights, int outputs, int inputs, int inputZero, Int8Form form, Requantisation? requantisation)
    {
        Guard.Length(weights.Length, outputs * inputs, "weights");
        Guard.Positive(outputs / (2 * Int8.Lanes), "pairs of panels");
        (Outputs, Form) = (outputs, form);
        Inputs = (inputs + TwoQuads - 1) / TwoQuads * TwoQuads;
        Panels = WholePanels(outputs) / Int8.Lanes;
        panels = new(Panels * BytesPerPanel);
        starts = new(Panels * Int8.Lanes);
        if (requantisation is not null) Epilogue = new(requantisation, outputs);
        var row = new sbyte[Inputs];
        for (var output = 0; output < outputs; output++)
        {
            weights.Slice(output * inputs, inputs).CopyTo(row);
            var sum = 0;
            foreach (var weight in row) sum += weight;
            starts[output] = -inputZero * sum;
            var lane = panels.AsSpan(output / Int8.Lanes * BytesPerPanel + output % Int8.Lanes * Quad);
            if (form == Int8Form.Dense) PlaceAll(row, lane);
            else PlaceTwoOfFour(row, lane);
        }
    }

    public Int8Form Form { get; }

    public int Outputs { get; }

    /// <summary>Filled up with weights of 0 to whole groups of eight: what a row of activations must have room for.</summary>
    public int Inputs { get; }

    public int Panels { get; }

    // Two of four take a vector for the weights and one for their places.
    public int BytesPerPanel => Inputs / TwoQuads * 2 * Vector;

    /// <summary>Of weights and places, as they are read.</summary>
    public long Bytes => panels.Length;

    public Epilogue? Epilogue { get; }

    /// <summary>What sums begin with, so that inputs of 0 add nothing.</summary>
    public int* Starts => (int*)Unsafe.AsPointer(ref starts[0]);

    public byte* Panel(int index) => (byte*)Unsafe.AsPointer(ref panels[index * BytesPerPanel]);

    /// <summary>Outputs, filled up to whole panels.</summary>
    public static int WholePanels(int outputs) => (outputs + Int8.Lanes - 1) / Int8.Lanes * Int8.Lanes;

    static void PlaceAll(ReadOnlySpan<sbyte> row, Span<byte> lane)
    {
        for (var input = 0; input < row.Length; input++) lane[input / Quad * Vector + input % Quad] = (byte)row[input];
    }

    static void PlaceTwoOfFour(ReadOnlySpan<sbyte> row, Span<byte> lane)
    {
        for (var input = 0; input < row.Length; input += Quad)
        {
            // Of a vector's lane, the first half belongs to the first four of eight inputs.
            var (at, four) = (input / TwoQuads * 2 * Vector + input % TwoQuads / 2, input % TwoQuads);
            var (first, second) = TwoOfFour.Places(row.Slice(input, Quad));
            (lane[at], lane[at + 1]) = ((byte)row[input + first], (byte)row[input + second]);
            (lane[at + Vector], lane[at + Vector + 1]) = ((byte)(four + first), (byte)(four + second));
        }
    }
}

/// <summary>Groups of four numbers of which two at most are not 0 (Mishra et al., 2021).</summary>
static class TwoOfFour
{
    public const int Group = 4, Kept = 2;

    /// <summary>Where the two lie, in order; where there are fewer, the first places without any.</summary>
    public static (int First, int Second) Places(ReadOnlySpan<sbyte> four)
    {
        var used = 0;
        for (var place = 0; place < Group; place++)
            if (four[place] != 0) used |= 1 << place;
        var count = BitOperations.PopCount((uint)used);
        if (count > Kept) throw KernelErrors.OutOfRange("a group of four weights with so many that are not 0:", count, "two at most");
        for (var place = 0; count < Kept; place++)
        {
            if ((used & 1 << place) != 0) continue;
            used |= 1 << place;
            count++;
        }
        return (BitOperations.TrailingZeroCount(used), BitOperations.Log2((uint)used));
    }
}

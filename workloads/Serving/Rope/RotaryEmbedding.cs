namespace MlPerfEdu.Serving.Rope;

/// <summary>Turns the pairs (i, i + dim / 2) of each head by an angle that grows with the position.</summary>
/// <remarks>Every pair turns by the same angle per position, so sine and cosine follow by one complex product in double, whose error of about 2^-53
/// per position is far below that of the float output.</remarks>
public sealed class RotaryEmbedding(RopeScaling scaling)
{
    const int Lanes = 4;
    const int Panel = 8 * Lanes;

    readonly double[] frequencies = [.. scaling.Frequencies];
    readonly double[] turnCos = [.. scaling.Frequencies.Select(Math.Cos)];
    readonly double[] turnSin = [.. scaling.Frequencies.Select(Math.Sin)];
    readonly double magnitude = scaling.Magnitude;

    public int Dim => 2 * frequencies.Length;
    int Half => frequencies.Length;

    /// <param name="angles">(positions, dim / 2), from position 0</param>
    public void Angles(int positions, Span<double> angles)
    {
        Guard.Positive(positions, "positions");
        Guard.Length(angles.Length, positions * Half, "angles");
        ref var to = ref MemoryMarshal.GetReference(angles);
        var pair = 0;
        for (; pair <= Half - Panel; pair += Panel)
            AnglesOfPanel(ref this.frequencies[pair], ref Unsafe.Add(ref to, pair), positions);
        for (; pair <= Half - Lanes; pair += Lanes)
        {
            var frequencies = Vector256.LoadUnsafe(ref this.frequencies[pair]);
            for (var position = 0; position < positions; position++)
                (frequencies * position).StoreUnsafe(ref Unsafe.Add(ref to, position * Half + pair));
        }
        for (; pair < Half; pair++)
        {
            for (var position = 0; position < positions; position++)
                Unsafe.Add(ref to, position * Half + pair) = position * this.frequencies[pair];
        }
    }

    // The frequencies stay in registers while the positions pass.
    [MethodImpl(Simd.Loop)]
    void AnglesOfPanel(ref double frequencies, ref double to, int positions)
    {
        var (f0, f1) = (Vector256.LoadUnsafe(ref frequencies), Vector256.LoadUnsafe(ref frequencies, Lanes));
        var (f2, f3) = (Vector256.LoadUnsafe(ref frequencies, 2 * Lanes), Vector256.LoadUnsafe(ref frequencies, 3 * Lanes));
        var (f4, f5) = (Vector256.LoadUnsafe(ref frequencies, 4 * Lanes), Vector256.LoadUnsafe(ref frequencies, 5 * Lanes));
        var (f6, f7) = (Vector256.LoadUnsafe(ref frequencies, 6 * Lanes), Vector256.LoadUnsafe(ref frequencies, 7 * Lanes));
        for (var position = 0; position < positions; position++)
        {
            var wide = Vector256.Create((double)position);
            (f0 * wide).StoreUnsafe(ref to);
            (f1 * wide).StoreUnsafe(ref to, Lanes);
            (f2 * wide).StoreUnsafe(ref to, 2 * Lanes);
            (f3 * wide).StoreUnsafe(ref to, 3 * Lanes);
            (f4 * wide).StoreUnsafe(ref to, 4 * Lanes);
            (f5 * wide).StoreUnsafe(ref to, 5 * Lanes);
            (f6 * wide).StoreUnsafe(ref to, 6 * Lanes);
            (f7 * wide).StoreUnsafe(ref to, 7 * Lanes);
            to = ref Unsafe.Add(ref to, Half);
        }
    }

    // input (positions, heads, dim); output: the same, may be the input
    [SkipLocalsInit]
    public void Apply(ReadOnlySpan<float> input, int heads, int first, Span<float> output)
    {
        var positions = Check(input, heads, first, output);
        // cos and sin of the position in double, and rounded
        Span<double> exact = stackalloc double[Dim];
        Span<float> rounded = stackalloc float[Dim];
        Start(first, exact);
        ref float from = ref MemoryMarshal.GetReference(input), to = ref MemoryMarshal.GetReference(output);
        for (var position = 0; position < positions; position++)
        {
            TensorPrimitives.ConvertTruncating<double, float>(exact, rounded);
            for (var head = 0; head < heads; head++)
            {
                if (Simd.Is512) Rotate<Wide512>(ref from, ref rounded[0], ref to, Half);
                else Rotate<Wide256>(ref from, ref rounded[0], ref to, Half);
                from = ref Unsafe.Add(ref from, Dim);
                to = ref Unsafe.Add(ref to, Dim);
            }
            Turn(exact);
        }
    }

    /// <summary>The plain form: sine and cosine of every angle.</summary>
    public void ApplyPlain(ReadOnlySpan<float> input, int heads, int first, Span<float> output)
    {
        var positions = Check(input, heads, first, output);
        for (var row = 0; row < positions * heads; row++)
        {
            for (var pair = 0; pair < Half; pair++)
            {
                var (sin, cos) = Math.SinCos((first + row / heads) * frequencies[pair]);
                var (a, b) = (input[row * Dim + pair], input[row * Dim + Half + pair]);
                output[row * Dim + pair] = (float)(magnitude * (a * cos - b * sin));
                output[row * Dim + Half + pair] = (float)(magnitude * (b * cos + a * sin));
            }
        }
    }

    void Start(int first, Span<double> exact)
    {
        for (var pair = 0; pair < Half; pair++)
        {
            var (sin, cos) = Math.SinCos(first * frequencies[pair]);
            (exact[pair], exact[Half + pair]) = (magnitude * cos, magnitude * sin);
        }
    }

    void Turn(Span<double> exact)
    {
        ref double cos = ref exact[0], sin = ref exact[Half], turnCos = ref this.turnCos[0], turnSin = ref this.turnSin[0];
        nuint index = 0;
        for (; index + Lanes <= (nuint)Half; index += Lanes)
        {
            var (c, s) = (Vector256.LoadUnsafe(ref cos, index), Vector256.LoadUnsafe(ref sin, index));
            var (tc, ts) = (Vector256.LoadUnsafe(ref turnCos, index), Vector256.LoadUnsafe(ref turnSin, index));
            (c * tc - s * ts).StoreUnsafe(ref cos, index);
            (s * tc + c * ts).StoreUnsafe(ref sin, index);
        }
        for (var pair = (int)index; pair < Half; pair++)
            (exact[pair], exact[Half + pair]) = (exact[pair] * this.turnCos[pair] - exact[Half + pair] * this.turnSin[pair],
                exact[Half + pair] * this.turnCos[pair] + exact[pair] * this.turnSin[pair]);
    }

    [MethodImpl(Simd.Inline)]
    static void Rotate<T>(ref float from, ref float cosSin, ref float to, int half) where T : struct, IWide<T>
    {
        nint index = 0;
        for (; index <= half - T.Lanes; index += T.Lanes)
        {
            var (a, b) = (T.Load(ref from, index), T.Load(ref from, half + index));
            var (c, s) = (T.Load(ref cosSin, index), T.Load(ref cosSin, half + index));
            (a * c - b * s).Store(ref to, index);
            (b * c + a * s).Store(ref to, half + index);
        }
        for (; index < half; index++)
        {
            var (a, b) = (Unsafe.Add(ref from, index), Unsafe.Add(ref from, half + index));
            var (c, s) = (Unsafe.Add(ref cosSin, index), Unsafe.Add(ref cosSin, half + index));
            Unsafe.Add(ref to, index) = a * c - b * s;
            Unsafe.Add(ref to, half + index) = b * c + a * s;
        }
    }

    int Check(ReadOnlySpan<float> input, int heads, int first, Span<float> output)
    {
        Guard.Positive(heads, "heads");
        Guard.Range(first >= 0, "first position", first, "at least 0");
        Guard.NotEmpty(input.Length, "values to rotate");
        if (input.Length % (heads * Dim) != 0)
            throw KernelErrors.Shape("values to rotate", $"{input.Length} values", $"a multiple of {heads} heads of {Dim}");
        Guard.Length(output.Length, input.Length, "the output");
        Guard.Finite(input, "values to rotate");
        return input.Length / (heads * Dim);
    }
}

/// <summary>Rotary frequencies, one per pair of a head's dimensions, and how to scale them for contexts longer than the trained one.</summary>
/// <param name="Frequencies">(dim / 2), radians per position</param>
/// <param name="Magnitude">Factor of query and key, by which some methods change the temperature of attention.</param>
public sealed record RopeScaling(IReadOnlyList<double> Frequencies, double Magnitude = 1)
{
    // YaRN's ramp, in turns that a pair makes over the original context.
    const double FewTurns = 1;
    const double ManyTurns = 32;

    const double Llama3FewTurns = 1;
    const double Llama3ManyTurns = 4;

    /// <summary>θ_i = base^(−2i / dim) (Su et al. 2021)</summary>
    public static RopeScaling None(int dim, double @base)
    {
        Guard.Range(dim >= 4 && dim % 2 == 0, "head dim", dim, "an even number from 4");
        Guard.Range(@base > 1 && double.IsFinite(@base), "base", @base, "a number above 1");
        return new([.. Enumerable.Range(0, dim / 2).Select(pair => Math.Pow(@base, -2.0 * pair / dim))]);
    }

    /// <summary>A larger base, so that the slowest pair turns 1 / factor as fast and the fastest as before (bloc97 2023).</summary>
    public static RopeScaling Ntk(int dim, double @base, double factor)
    {
        CheckFactor(factor);
        return None(dim, @base * Math.Pow(factor, dim / (dim - 2.0)));
    }

    /// <summary>Pairs that turn often stay, those that turn less than once are slowed, those between are blended (Grattafiori et al. 2024).</summary>
    public static RopeScaling Llama3(int dim, double @base, double factor, int original) => new(
        [.. None(dim, @base).Blended(factor, original, Llama3FewTurns, Llama3ManyTurns)]);

    /// <summary>The same with another ramp, and sharper attention as the context grows (Peng et al. 2023).</summary>
    public static RopeScaling Yarn(int dim, double @base, double factor, int original) => new(
        [.. None(dim, @base).Blended(factor, original, FewTurns, ManyTurns)], 0.1 * Math.Log(factor) + 1);

    /// <summary>A factor per pair, found by search (Ding et al. 2024).</summary>
    public static RopeScaling LongRope(int dim, double @base, IReadOnlyList<double> factors, double factor, int original)
    {
        CheckFactor(factor);
        var plain = None(dim, @base).Frequencies;
        Guard.Length(factors.Count, plain.Count, "factors");
        if (factors.FirstOrDefault(one => !(one >= 1), 1) is var wrong && !(wrong >= 1))
            throw KernelErrors.OutOfRange("factor of a pair", wrong, "at least 1");
        return new([.. plain.Zip(factors, (frequency, one) => frequency / one)], Math.Sqrt(1 + Math.Log(factor) / Math.Log(original)));
    }

    IEnumerable<double> Blended(double factor, int original, double few, double many)
    {
        CheckFactor(factor);
        Guard.Positive(original, "original context");
        return Frequencies.Select(frequency =>
        {
            var turns = original * frequency / (2 * Math.PI);
            var kept = Math.Clamp((turns - few) / (many - few), 0, 1);
            return kept * frequency + (1 - kept) * frequency / factor;
        });
    }

    static void CheckFactor(double factor) => Guard.Range(factor >= 1 && double.IsFinite(factor), "scaling factor", factor, "at least 1");
}

using System.Runtime.Intrinsics.X86;

namespace MlPerfEdu.Numerics;

/// <summary>The product of a hidden state with the vectors of a whole vocabulary, of which only the largest few logits matter. The fast form
/// multiplies 7-bit copies, a quarter of the bytes, and bounds their error; whatever may be among the largest is then recomputed in full precision.
/// The output is exact.</summary>
sealed class VocabularyHead
{
    const int Tokens = 64;
    const int Group = 4;
    // Both take 7 bits, and the hidden state an offset, so that the sum of four products fits 16 bits.
    const int Offset = 64;
    const int LargestCode = 63;

    // (vocabulary, hidden): a row per token.
    readonly float[] weight;
    // (vocabulary / 64, hidden / 4, 64, 4)
    readonly AlignedBuffer<sbyte> coarse;
    readonly AlignedBuffer<float> scale;
    readonly AlignedBuffer<int> offset;
    readonly double longest;
    readonly double largestLoss;
    readonly byte[] input;
    readonly AlignedBuffer<float> logits;
    readonly int[] candidates;
    bool backwards;

    public VocabularyHead(int vocabulary, int hidden, ReadOnlySpan<float> weight)
    {
        (Vocabulary, Hidden) = (Guard.Positive(vocabulary, "vocabulary"), Guard.Positive(hidden, "hidden"));
        Guard.Finite(weight, vocabulary * hidden, "the weights of a vocabulary");
        this.weight = weight.ToArray();
        var tokens = RoundUp(vocabulary, Tokens);
        coarse = new(tokens * RoundUp(hidden, 2 * Group));
        (scale, offset, logits) = (new(tokens), new(tokens), new(tokens));
        (input, candidates) = (new byte[RoundUp(hidden, 2 * Group)], new int[vocabulary]);
        Array.Fill(input, (byte)Offset);
        for (var token = 0; token < vocabulary; token++)
        {
            var (length, loss) = Coarsen(token);
            longest = Math.Max(longest, length);
            largestLoss = Math.Max(largestLoss, loss);
        }
    }

    public int Vocabulary { get; }
    public int Hidden { get; }
    public ReadOnlySpan<float> Weight => weight;

    /// <summary>weight·hidden</summary>
    public float Logit(ReadOnlySpan<float> hidden, int token) => Simd.Dot(hidden, Row(token));

    /// <summary>The tokens with the largest logits, in descending order; of equal ones the lower token first.</summary>
    /// <returns>ln Σ exp(logit) over the vocabulary, to about 1e-3: tokens that are not chosen enter it with 7 bits.</returns>
    public float Largest(ReadOnlySpan<float> hidden, Span<int> tokens, Span<float> logits)
    {
        Guard.Length(logits.Length, tokens.Length, "logits");
        Choose(hidden, tokens);
        var all = this.logits.AsSpan(0, Vocabulary);
        for (var index = 0; index < tokens.Length; index++)
            logits[index] = all[tokens[index]];
        return logits[0] + MathF.Log(Simd.ExpAndSum(all, logits[0]));
    }

    public int Argmax(ReadOnlySpan<float> hidden)
    {
        var token = 0;
        Choose(hidden, new Span<int>(ref token));
        return token;
    }

    void Choose(ReadOnlySpan<float> hidden, Span<int> tokens)
    {
        Guard.Finite(hidden, Hidden, "a hidden state");
        if (tokens.Length < 1 || tokens.Length > Vocabulary)
            throw KernelErrors.OutOfRange("tokens to choose", tokens.Length, $"1 to {Vocabulary}");
        var all = logits.AsSpan(0, Vocabulary);
        if (Avx2.IsSupported)
        {
            var error = Screen(hidden);
            var count = TopK.AtLeast(all, Threshold(all, tokens.Length) - 2 * error, candidates);
            // Candidates go above all others: nothing else can reach the k-th largest.
            foreach (var token in candidates.AsSpan(0, count))
                all[token] = Logit(hidden, token);
        }
        else
        {
            for (var token = 0; token < Vocabulary; token++)
                all[token] = Logit(hidden, token);
        }
        TopK.Select(all, tokens);
    }

    ReadOnlySpan<float> Row(int token) => weight.AsSpan(token * Hidden, Hidden);

    // The k-th largest of what the screen gave.
    float Threshold(ReadOnlySpan<float> all, int count)
    {
        if (count == 1)
            return Simd.Max(all);
        var largest = candidates.AsSpan(0, count);
        TopK.Select(all, largest);
        return all[largest[^1]];
    }

    /// <returns>Length of a token's vector, and of its rounding error.</returns>
    (double Length, double Loss) Coarsen(int token)
    {
        var row = Row(token);
        var scale = Simd.MaxMagnitude(row) / LargestCode;
        this.scale[token] = scale;
        var loss = 0.0;
        for (var index = 0; index < Hidden; index++)
        {
            var coarse = scale == 0 ? 0 : (int)MathF.Round(row[index] / scale);
            this.coarse[Place(token, index)] = (sbyte)coarse;
            offset[token] += Offset * coarse;
            loss += Square(row[index] - (double)coarse * scale);
        }
        return (Math.Sqrt(Simd.Dot(row, row)), Math.Sqrt(loss));
    }

    int Place(int token, int index) => token / Tokens * Tokens * input.Length + (index / Group * Tokens + token % Tokens) * Group + index % Group;

    /// <summary>Fills the logits; gives a bound of their error.</summary>
    float Screen(ReadOnlySpan<float> hidden)
    {
        var scale = Simd.MaxMagnitude(hidden) / LargestCode;
        var (loss, length) = CoarsenInput(hidden, scale);
        Multiply(scale);
        // |x·w − x̂·ŵ| ≤ |x − x̂|·|w| + |x̂|·|w − ŵ| (Cauchy and Schwarz), and a little for the rounding of the exact product.
        return (float)(loss * longest + length * largestLoss + 1e-5 * length * longest);
    }

    /// <returns>Length of the hidden state's rounding error, and of what 7 bits keep.</returns>
    [MethodImpl(Simd.Loop)]
    (float Loss, float Length) CoarsenInput(ReadOnlySpan<float> hidden, float scale)
    {
        ref var start = ref MemoryMarshal.GetReference(hidden);
        var inverse = scale == 0 ? 0 : 1 / scale;
        var (losses, lengths, index) = (Vector256<float>.Zero, Vector256<float>.Zero, 0);
        for (; index <= hidden.Length - Vector256<float>.Count; index += Vector256<float>.Count)
        {
            var values = Vector256.LoadUnsafe(ref start, (nuint)index);
            var codes = Vector256.Round(values * inverse);
            var (kept, lost) = (codes * scale, values - codes * scale);
            losses = Vector256.FusedMultiplyAdd(lost, lost, losses);
            lengths = Vector256.FusedMultiplyAdd(kept, kept, lengths);
            var whole = Vector256.ConvertToInt32Native(codes) + Vector256.Create(Offset);
            var half = Vector128.Narrow(whole.GetLower(), whole.GetUpper());
            Unsafe.WriteUnaligned(ref input[index], Vector128.Narrow(half, half).AsUInt64()[0]);
        }
        var (loss, length) = (Vector256.Sum(losses), Vector256.Sum(lengths));
        for (; index < hidden.Length; index++)
        {
            var code = MathF.Round(hidden[index] * inverse);
            var (kept, lost) = (code * scale, hidden[index] - code * scale);
            (loss, length) = (loss + lost * lost, length + kept * kept);
            input[index] = (byte)(code + Offset);
        }
        return (MathF.Sqrt(loss), MathF.Sqrt(length));
    }

    // Every other time from the end, where the last time ended: those weights are still near.
    void Multiply(float inputScale)
    {
        backwards = !backwards;
        for (var panel = 0; panel < logits.Length; panel += Tokens)
            MultiplyPanel(backwards ? logits.Length - Tokens - panel : panel, inputScale);
    }

    // The sums of 64 tokens stay in eight registers.
    [MethodImpl(Simd.Loop)]
    void MultiplyPanel(int panel, float inputScale)
    {
        var inputs = MemoryMarshal.Cast<byte, int>(input);
        ref var weights = ref coarse[panel * input.Length];
        Vector256<int> s0 = default, s1 = default, s2 = default, s3 = default;
        Vector256<int> s4 = default, s5 = default, s6 = default, s7 = default;
        for (var group = 0; group < inputs.Length; group += 2)
        {
            var (first, second) = (Vector256.Create(inputs[group]).AsByte(), Vector256.Create(inputs[group + 1]).AsByte());
            s0 += Products(first, second, ref weights);
            s1 += Products(first, second, ref Unsafe.Add(ref weights, 32));
            s2 += Products(first, second, ref Unsafe.Add(ref weights, 64));
            s3 += Products(first, second, ref Unsafe.Add(ref weights, 96));
            s4 += Products(first, second, ref Unsafe.Add(ref weights, 128));
            s5 += Products(first, second, ref Unsafe.Add(ref weights, 160));
            s6 += Products(first, second, ref Unsafe.Add(ref weights, 192));
            s7 += Products(first, second, ref Unsafe.Add(ref weights, 224));
            weights = ref Unsafe.Add(ref weights, 2 * Group * Tokens);
        }
        Store(s0, panel, inputScale);
        Store(s1, panel + 8, inputScale);
        Store(s2, panel + 16, inputScale);
        Store(s3, panel + 24, inputScale);
        Store(s4, panel + 32, inputScale);
        Store(s5, panel + 40, inputScale);
        Store(s6, panel + 48, inputScale);
        Store(s7, panel + 56, inputScale);
    }

    // The sum of eight products per lane: four in 16 bits, and twice as many in 32.
    [MethodImpl(Simd.Inline)]
    static Vector256<int> Products(Vector256<byte> first, Vector256<byte> second, ref sbyte weights)
    {
        var four = Avx2.MultiplyAddAdjacent(first, Vector256.LoadUnsafe(ref weights))
            + Avx2.MultiplyAddAdjacent(second, Vector256.LoadUnsafe(ref weights, Group * Tokens));
        return Avx2.MultiplyAddAdjacent(four, Vector256<short>.One);
    }

    void Store(Vector256<int> sums, int token, float inputScale)
    {
        var exact = Vector256.ConvertToSingle(sums - Vector256.LoadUnsafe(ref offset[token]));
        (exact * Vector256.LoadUnsafe(ref scale[token]) * inputScale).StoreUnsafe(ref logits[token]);
    }

    static double Square(double value) => value * value;
    static int RoundUp(int value, int multiple) => (value + multiple - 1) / multiple * multiple;
}

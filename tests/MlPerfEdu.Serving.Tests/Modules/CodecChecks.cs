namespace MlPerfEdu.Serving.Tests.Modules;

/// <summary>What must be true of every format, compared with its definition.</summary>
static class CodecChecks
{
    public static IEnumerable<KernelInvariant> Of<T>() where T : struct, IMiniFloat
    {
        List<int> codes = [.. Enumerable.Range(0, 1 << T.Bits)];
        yield return KernelInvariant.None($"{T.Name}: every code decodes as defined",
            codes.Count(code => !Same(Decode<T>(code), PlainMiniFloat<T>.Decode(code))));
        yield return KernelInvariant.None($"{T.Name}: every code survives decoding and encoding", codes.Count(code => Encode<T>(Decode<T>(code)) != code));
        yield return KernelInvariant.None($"{T.Name}: numbers halfway between two go to the even code", Ties<T>(codes));
        yield return KernelInvariant.None($"{T.Name}: any float gets the code of the nearest number", Random<T>());
    }

    static int Ties<T>(IEnumerable<int> codes) where T : struct, IMiniFloat
    {
        var positive = codes.Where(code => code < T.LargestCode).ToList();
        return positive.Count(code =>
        {
            // A float holds the middle exactly: it has many more bits.
            var middle = (Decode<T>(code) + Decode<T>(code + 1)) / 2;
            var even = code % 2 == 0 ? code : code + 1;
            var (below, above) = (Encode<T>(MathF.BitDecrement(middle)), Encode<T>(MathF.BitIncrement(middle)));
            return Encode<T>(middle) != even || Encode<T>(-middle) != (even | 1 << (T.Bits - 1)) || below != code || above != code + 1;
        });
    }

    // Any bits at all, so that exponents far outside the format come too; and numbers around its range.
    static int Random<T>() where T : struct, IMiniFloat
    {
        var random = new RandomData(3);
        return Enumerable.Range(0, 200_000).Count(round =>
        {
            var value = round % 2 == 0
                ? BitConverter.Int32BitsToSingle(random.Below(int.MaxValue) ^ (random.Below(2) << 31))
                : random.Normal() * MiniFloat<T>.Largest / (1 << random.Below(20));
            return !float.IsNaN(value) && Encode<T>(value) != PlainMiniFloat<T>.Encode(value);
        });
    }

    static int Encode<T>(float value) where T : struct, IMiniFloat => MiniFloat<T>.Encode(Vector512.CreateScalar(value))[0];
    static float Decode<T>(int code) where T : struct, IMiniFloat => MiniFloat<T>.Decode(Vector512.CreateScalar(code))[0];

    static bool Same(float found, double expected) =>
        double.IsNaN(expected) ? float.IsNaN(found) : found == expected && float.IsNegative(found) == double.IsNegative(expected);

    /// <summary>Signal-to-noise ratio, 10·log10(Σ x² / Σ (x − x̂)²)</summary>
    public static double Decibels(ReadOnlySpan<float> before, ReadOnlySpan<float> after)
    {
        var (signal, noise) = (0.0, 0.0);
        for (var index = 0; index < before.Length; index++)
        {
            var error = (double)before[index] - after[index];
            signal += (double)before[index] * before[index];
            noise += error * error;
        }
        return 10 * Math.Log10(signal / noise);
    }

    public static int Differing<T>(IEnumerable<T> a, IEnumerable<T> b) => a.Zip(b).Count(pair => !Equals(pair.First, pair.Second));
}

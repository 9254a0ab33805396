using MlPerfEdu.Serving.Mx;
using static MlPerfEdu.Serving.Mx.MxKernels;

namespace MlPerfEdu.Serving.Tests.Modules;

[InvariantsOf("mx")]
sealed class MxInvariants : IInvariants
{
    readonly float[] values = new RandomData(42).Normals(128 * 128);
    readonly float[] million = new RandomData(7).Normals(1 << 20);

    public IEnumerable<KernelInvariant> Invariants() =>
    [
        .. CodecChecks.Of<E2M1>(), .. CodecChecks.Of<E3M2>(), .. CodecChecks.Of<E2M3>(),
        .. Of<MxElement<E2M1>>(18.8), .. Of<MxElement<E3M2>>(25.3), .. Of<MxElement<E2M3>>(31.0),
        .. Of<MxElement<E4M3>>(30.6), .. Of<MxElement<E5M2>>(25.3), .. Of<MxInt8>(41.9), .. OfInt8(),
        .. Of(new SharedMicroexponents(2), 15.8), .. Of(new SharedMicroexponents(4), 28.4), .. Of(new SharedMicroexponents(7), 46.7),
    ];

    IEnumerable<KernelInvariant> Of<T>(double decibels) where T : struct, IMxElement
    {
        yield return SnrOf(T.Name, Decibels<T>(million, T.Scale), decibels);
        yield return KernelInvariant.None($"{T.Name}: no other scale loses less of a tile than the one of least error", NotLeast<T>());

        var (codes, scales, _) = Buffers<T>(this.values.Length);
        MxQuantizer<T>.Encode(this.values, codes, scales);
        var (smaller, smallerScales, _) = Buffers<T>(this.values.Length);
        MxQuantizer<T>.Encode([.. this.values.Select(value => value * 0.125f)], smaller, smallerScales);
        yield return KernelInvariant.None($"{T.Name}: values an eighth as large have the same codes, and scales three lower",
            CodecChecks.Differing(codes, smaller) + scales.Zip(smallerScales).Count(pair => pair.First != pair.Second + 3));
        foreach (var scale in Enum.GetValues<MxScale>())
        {
            yield return KernelInvariant.None($"{T.Name}, scale {scale}: the fast form gives the codes and scales of the plain one",
                Mismatches(MxQuantizer<T>.Tile, values => Plain<T>(values, scale), values => Fast<T>(values, scale)));
        }
    }

    IEnumerable<KernelInvariant> OfInt8()
    {
        List<int> codes = [.. Enumerable.Range(sbyte.MinValue, 256)];
        yield return KernelInvariant.None("MXINT8: every code decodes to its 64th", codes.Count(code => Decode(code) != code / 64f));
        yield return KernelInvariant.None("MXINT8: every code survives decoding and encoding", codes.Count(code => Encode(Decode(code)) != code));
        yield return KernelInvariant.None("MXINT8: numbers halfway between two go to the even code",
            codes.Count(code => Encode((code + 0.5f) / 64) != Math.Min(code % 2 == 0 ? code : code + 1, sbyte.MaxValue)));
        // What the rule has in expectation: 0.05 dB less than the better of two scales.
        yield return SnrOf($"{MxInt8.Name} by the standard's scale", Decibels<MxInt8>(million, MxScale.Standard), 41.67);

        static float Decode(int code) => MxInt8.Decode(Vector512.CreateScalar(code & 0xff))[0];
        static int Encode(float value) => (sbyte)MxInt8.Encode(Vector512.CreateScalar(value))[0];
    }

    static int NotLeast<T>() where T : struct, IMxElement
    {
        var random = new RandomData(6);
        return Enumerable.Range(0, 1000).Select(_ => random.Normals(MxQuantizer<T>.Tile)).Count(tile =>
        {
            var exponent = MxQuantizer<T>.EncodePlain(tile, MxScale.Standard).Scale - MxQuantizer<T>.ExponentBias;
            var least = Enumerable.Range(exponent - 3, 7).Min(other => MxQuantizer<T>.EncodePlain(tile, other).Error);
            var found = Fast<T>(tile, MxScale.LeastError)[^1] - MxQuantizer<T>.ExponentBias;
            // The fast form adds in single precision.
            return MxQuantizer<T>.EncodePlain(tile, found).Error > least * (1 + 1e-5);
        });
    }

    static double Decibels<T>(float[] values, MxScale scale) where T : struct, IMxElement
    {
        var (codes, scales, output) = Buffers<T>(values.Length);
        MxQuantizer<T>.Encode(values, codes, scales, scale);
        MxQuantizer<T>.Decode(codes, scales, output);
        return CodecChecks.Decibels(values, output);
    }

    IEnumerable<KernelInvariant> Of(SharedMicroexponents format, double decibels)
    {
        var tiles = SharedMicroexponents.Tiles(this.values.Length);
        var (codes, exponents, halved, output) = (new byte[this.values.Length], new byte[tiles], new byte[tiles], new float[this.values.Length]);
        format.Encode(this.values, codes, exponents, halved);
        format.Decode(codes, exponents, halved, output);
        yield return SnrOf(format.Name, CodecChecks.Decibels(this.values, output), decibels);
        yield return KernelInvariant.None($"{format.Name}: the fast form gives the codes and exponents of the plain one",
            Mismatches(SharedMicroexponents.Tile, values => Plain(format, values), values => Fast(format, values)));
    }

    static KernelInvariant SnrOf(string format, double seen, double decibels) =>
        KernelInvariant.AtMost($"{format}: SNR of N(0,1) in dB from {decibels}", Math.Abs(seen - decibels), 0.2);

    static int[] Plain<T>(float[] values, MxScale rule) where T : struct, IMxElement
    {
        var (codes, scale) = MxQuantizer<T>.EncodePlain(values, rule);
        return [.. codes, scale];
    }

    static int[] Fast<T>(float[] values, MxScale rule) where T : struct, IMxElement
    {
        var (codes, scales, _) = Buffers<T>(values.Length);
        MxQuantizer<T>.Encode(values, codes, scales, rule);
        var single = T.Bits == 4 ? codes.SelectMany(pair => new[] { pair & 0xf, pair >> 4 }) : codes.Select(code => (int)code);
        return [.. single.Take(values.Length), scales[0]];
    }

    static int[] Plain(SharedMicroexponents format, float[] values)
    {
        var (codes, exponent, halved) = format.EncodePlain(values);
        return [.. codes, exponent, halved & PairsOf(values.Length)];
    }

    static int[] Fast(SharedMicroexponents format, float[] values)
    {
        var (codes, exponents, halved) = (new byte[SharedMicroexponents.Tile], new byte[1], new byte[1]);
        format.Encode(values, codes, exponents, halved);
        return [.. codes.Take(values.Length).Select(code => (int)code), exponents[0], halved[0] & PairsOf(values.Length)];
    }

    // Compares two forms on tiles of all lengths and magnitudes, zeros among them.
    static int Mismatches(int tile, Func<float[], int[]> plain, Func<float[], int[]> fast)
    {
        var random = new RandomData(2);
        return Enumerable.Range(0, 3000).Sum(_ =>
        {
            var values = random.Normals(random.Between(1, tile));
            var factor = MathF.ScaleB(1, random.Between(-148, 120));
            for (var index = 0; index < values.Length; index++)
                values[index] *= random.Below(8) == 0 ? 0 : factor;
            return CodecChecks.Differing(plain(values), fast(values));
        });
    }

    // The halving bits that belong to so many elements.
    static int PairsOf(int elements) => (1 << ((elements + 1) / 2)) - 1;
}

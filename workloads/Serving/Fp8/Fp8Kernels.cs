using System.Runtime.Intrinsics;
using MlPerfEdu.Serving.Formats;
using MlPerfEdu.Serving.Numerics;

namespace MlPerfEdu.Serving.Fp8;

[Kernels("fp8")]
public sealed class Fp8Kernels : IKernels
{
    const int Rows = 128;
    const int Columns = 128;

    readonly float[] _values = new RandomData(42).Normals(Rows * Columns);

    public IEnumerable<Kernel> Kernels()
    {
        const double bytes = Rows * Columns * (sizeof(float) + sizeof(byte)) + Rows * sizeof(float);
        var (codes, scales, output) = (new byte[_values.Length], new float[Rows], new float[_values.Length]);
        yield return new("encode-e4m3", () => Fp8Quantizer<E4M3>.Encode(_values, Columns, codes, scales)) { Bytes = bytes };
        yield return new("decode-e4m3", () => Fp8Quantizer<E4M3>.Decode(codes, scales, Columns, output)) { Bytes = bytes };
        var (codes5, scales5) = (new byte[_values.Length], new float[Rows]);
        yield return new("encode-e5m2", () => Fp8Quantizer<E5M2>.Encode(_values, Columns, codes5, scales5)) { Bytes = bytes };
    }

    public IEnumerable<Invariant> Invariants() => [.. Of<E4M3>(31.7), .. Of<E5M2>(25.7)];

    IEnumerable<Invariant> Of<T>(double decibels)
        where T : struct, IMiniFloat
    {
        foreach (var invariant in CodecChecks.Of<T>())
            yield return invariant;

        var (codes, scales, output) = (new byte[_values.Length], new float[Rows], new float[_values.Length]);
        Fp8Quantizer<T>.Encode(_values, Columns, codes, scales);
        Fp8Quantizer<T>.Decode(codes, scales, Columns, output);
        yield return Invariant.AtMost($"{T.Name}: SNR of N(0,1) in dB from {decibels}",
            Math.Abs(Snr.Decibels(_values, output) - decibels), 0.2);
        yield return Invariant.None($"{T.Name}: the fast form gives the codes and scales of the plain one", Mismatches<T>());

        var (again, scalesAgain) = (new byte[_values.Length], new float[Rows]);
        Fp8Quantizer<T>.Encode(output, Columns, again, scalesAgain);
        yield return Invariant.None($"{T.Name}: encoding what was decoded changes no code", Snr.Differing(codes, again));
        yield return Invariant.AtMost($"{T.Name}: the largest magnitude of a row is kept, relative",
            Enumerable.Range(0, Rows).Max(row => RelativeDifference(_values, output, row)), 1e-7);
    }

    // Blocks of all lengths, so that each has a rest behind its last 16.
    static int Mismatches<T>()
        where T : struct, IMiniFloat
    {
        var random = new RandomData(1);
        return Enumerable.Range(0, 300).Sum(_ =>
        {
            var values = random.Normals(random.Between(1, 200));
            var block = random.Between(1, 70);
            var blocks = Fp8Quantizer<T>.Blocks(values.Length, block);
            var (plain, plainScales, fast, fastScales) =
                (new byte[values.Length], new float[blocks], new byte[values.Length], new float[blocks]);
            Fp8Quantizer<T>.EncodePlain(values, block, plain, plainScales);
            Fp8Quantizer<T>.Encode(values, block, fast, fastScales);
            return Snr.Differing(plain, fast) + plainScales.Zip(fastScales).Count(pair => pair.First != pair.Second);
        });
    }

    static double RelativeDifference(float[] before, float[] after, int row)
    {
        var (largest, kept) = (Simd.MaxMagnitude(before.AsSpan(row * Columns, Columns)),
            Simd.MaxMagnitude(after.AsSpan(row * Columns, Columns)));
        return Math.Abs((double)largest - kept) / largest;
    }
}

using MlPerfEdu.Serving.Fp8;
using static MlPerfEdu.Serving.Fp8.Fp8Kernels;

namespace MlPerfEdu.Serving.Tests.Modules;

[InvariantsOf("fp8")]
sealed class Fp8Invariants : IInvariants
{
    readonly float[] values = new RandomData(42).Normals(Rows * Columns);

    public IEnumerable<KernelInvariant> Invariants() => [.. Of<E4M3>(31.7), .. Of<E5M2>(25.7)];

    IEnumerable<KernelInvariant> Of<T>(double decibels) where T : struct, IMiniFloat
    {
        foreach (var invariant in CodecChecks.Of<T>())
            yield return invariant;

        var (codes, scales, output) = (new byte[values.Length], new float[Rows], new float[values.Length]);
        Fp8Quantizer<T>.Encode(values, Columns, codes, scales);
        Fp8Quantizer<T>.Decode(codes, scales, Columns, output);
        yield return KernelInvariant.AtMost(
            $"{T.Name}: SNR of N(0,1) in dB from {decibels}", Math.Abs(CodecChecks.Decibels(values, output) - decibels), 0.2);
        yield return KernelInvariant.None($"{T.Name}: the fast form gives the codes and scales of the plain one", Mismatches<T>());

        var (again, scalesAgain) = (new byte[values.Length], new float[Rows]);
        Fp8Quantizer<T>.Encode(output, Columns, again, scalesAgain);
        yield return KernelInvariant.None($"{T.Name}: encoding what was decoded changes no code", CodecChecks.Differing(codes, again));
        yield return KernelInvariant.AtMost($"{T.Name}: the largest magnitude of a row is kept, relative",
            Enumerable.Range(0, Rows).Max(row => RelativeDifference(values, output, row)), 1e-7);
    }

    // Blocks of all lengths, so that each has a rest behind its last 16.
    static int Mismatches<T>() where T : struct, IMiniFloat
    {
        var random = new RandomData(1);
        return Enumerable.Range(0, 300).Sum(_ =>
        {
            var values = random.Normals(random.Between(1, 200));
            var block = random.Between(1, 70);
            var blocks = Fp8Quantizer<T>.Blocks(values.Length, block);
            var (plain, plainScales, fast, fastScales) = (new byte[values.Length], new float[blocks], new byte[values.Length], new float[blocks]);
            Fp8Quantizer<T>.EncodePlain(values, block, plain, plainScales);
            Fp8Quantizer<T>.Encode(values, block, fast, fastScales);
            return CodecChecks.Differing(plain, fast) + plainScales.Zip(fastScales).Count(pair => pair.First != pair.Second);
        });
    }

    static double RelativeDifference(float[] before, float[] after, int row)
    {
        var (largest, kept) = (Simd.MaxMagnitude(before.AsSpan(row * Columns, Columns)), Simd.MaxMagnitude(after.AsSpan(row * Columns, Columns)));
        return Math.Abs((double)largest - kept) / largest;
    }
}

namespace MlPerfEdu.Serving.Mx;

[Kernels("mx")]
public sealed class MxKernels : IKernels
{
    readonly float[] values = new RandomData(42).Normals(128 * 128);

    public IEnumerable<Kernel> Kernels()
    {
        var (codes, scales, output) = Buffers<MxElement<E2M1>>(values.Length);
        var bytes = values.Length * sizeof(float) + codes.Length + scales.Length;
        yield return new("encode-mxfp4", () => MxQuantizer<MxElement<E2M1>>.Encode(values, codes, scales)) { Bytes = bytes };
        yield return new("decode-mxfp4", () => MxQuantizer<MxElement<E2M1>>.Decode(codes, scales, output)) { Bytes = bytes };

        var format = new SharedMicroexponents(2);
        var tiles = SharedMicroexponents.Tiles(values.Length);
        var (codes4, exponents, halved) = (new byte[values.Length], new byte[tiles], new byte[tiles]);
        var bytes4 = values.Length * (sizeof(float) + sizeof(byte)) + 2 * tiles;
        yield return new("encode-mx4", () => format.Encode(values, codes4, exponents, halved)) { Bytes = bytes4 };
        yield return new("decode-mx4", () => format.Decode(codes4, exponents, halved, output)) { Bytes = bytes4 };
    }

    internal static (byte[] Codes, byte[] Scales, float[] Output) Buffers<T>(int count) where T : struct, IMxElement
    {
        var tiles = MxQuantizer<T>.Tiles(count);
        return (new byte[tiles * MxQuantizer<T>.CodeBytesPerTile], new byte[tiles], new float[count]);
    }
}

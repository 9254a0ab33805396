namespace MlPerfEdu.Serving.Rope;

[Kernels("rope")]
public sealed class RopeKernels : IKernels
{
    internal const int Dim = 64;
    internal const double Base = 10000;
    internal const int Original = 4096;
    internal const double Factor = 8;

    internal static readonly Dictionary<string, RopeScaling> Scalings = new()
    {
        ["none"] = RopeScaling.None(Dim, Base),
        ["NTK"] = RopeScaling.Ntk(Dim, Base, Factor),
        ["Llama 3"] = RopeScaling.Llama3(Dim, Base, Factor, Original),
        ["YaRN"] = RopeScaling.Yarn(Dim, Base, Factor, Original),
        ["LongRoPE"] = RopeScaling.LongRope(Dim, Base,
            [.. Enumerable.Range(0, Dim / 2).Select(pair => 1 + (Factor - 1) * pair / 31)], Factor, Original),
    };

    public IEnumerable<Kernel> Kernels()
    {
        const int positions = 512;
        const int heads = 4;
        var rope = new RotaryEmbedding(Scalings["NTK"]);
        var angles = new AlignedBuffer<double>(positions * Dim / 2);
        yield return new("frequencies", () => rope.Angles(positions, angles.Span))
            { Flops = angles.Length, Bytes = angles.Length * sizeof(double) };

        var input = new AlignedBuffer<float>(new RandomData(42).Normals(positions * heads * Dim));
        var output = new AlignedBuffer<float>(input.Length);
        // Six per pair of each head, and six per pair for its sine and cosine.
        yield return new("apply", () => rope.Apply(input.Span, heads, 0, output.Span))
            { Flops = 3.0 * input.Length + 6.0 * angles.Length, Bytes = 2 * input.Length * sizeof(float) };
    }
}

using MlPerfEdu.Numerics;
using MlPerfEdu.Roofline.Detect;
using MlPerfEdu.Roofline.Torch;
using static TorchSharp.torch;

namespace MlPerfEdu.Engine;

/// <summary>The precision of products that an entry asks for, the one that they have here, and why.</summary>
public sealed record PrecisionChoice(Precision Asked, Precision Used, string Why)
{
    // With fewer rows, or fewer columns on either side, turning operands into bf16 takes as long as it saves; with fewer multiply-adds
    // (4 µs at 1 TFLOP/s), calling the conversions does. Not measured: from rates of products and memory on a processor with AMX.
    const long LeastRows = 16, LeastColumns = 64, LeastMacs = 1 << 21;

    static readonly Lazy<PrecisionChoice> Here = new(() => Decide(Roofline.Detect.Machine.Facts().Isa, TrialProduct.Error));

    static readonly AsyncLocal<bool> Forced = new();

    public static PrecisionChoice Fp32 { get; } = new(Precision.Fp32, Precision.Fp32, "asked for");

    /// <summary>For tests: bf16 products on every processor, and of every size.</summary>
    internal static PrecisionChoice Always { get; } = new(Precision.Bf16, Precision.Bf16, "forced by a test") { IgnoresSizes = true };

    bool IgnoresSizes { get; init; }

    /// <summary>One line for whoever asked for something else; absent where what was asked for is used.</summary>
    public string? Fallback => Asked == Used ? null : $"precision: found {Why} → expected one for {Asked.Name()} → products are {Used.Name()}.";

    public static PrecisionChoice Of(Precision asked) => asked == Precision.Fp32 ? Fp32 : Forced.Value ? Always : Here.Value;

    /// <summary>Whether a product of [rows, inputs] with [inputs, outputs] is one of bf16 numbers.</summary>
    public bool IsBf16(long rows, long inputs, long outputs) => Used == Precision.Bf16
        && (IgnoresSizes || (rows >= LeastRows && Math.Min(inputs, outputs) >= LeastColumns && rows * inputs * outputs >= LeastMacs));

    /// <summary>bf16 needs an instruction for it, and a product that is right.</summary>
    /// <param name="error">The relative error of a small product.</param>
    internal static PrecisionChoice Decide(IReadOnlyList<string> isa, Func<double> error)
    {
        var usable = InstructionSets.OfBf16.Intersect(isa).ToList();
        if (usable.Count == 0)
            return new(Precision.Bf16, Precision.Fp32, $"a processor without bf16 products (none of {string.Join(", ", InstructionSets.OfBf16)})");
        var found = error();
        return found <= Bf16.Rounding
            ? new(Precision.Bf16, Precision.Bf16, $"{string.Join(", ", usable)}; a small product is within {Bf16.Rounding}")
            : new(Precision.Bf16, Precision.Fp32, FormattableString.Invariant($"a bf16 product that is off by {found:0.###e+0} of its largest number"));
    }

    /// <summary>What evidence and kept weights add to the settings of an entry; nothing where fp32 was asked for.</summary>
    public IEnumerable<KeyValuePair<string, string>> Settings() => Asked == Precision.Fp32
        ? []
        : [new("precision.used", Used.Name()), new("precision.why", Why)];

    internal static void Force(Action test)
    {
        Forced.Value = true;
        try
        {
            test();
        }
        finally
        {
            Forced.Value = false;
        }
    }
}

/// <summary>A small product of bf16 numbers, looked at before anything depends on one.</summary>
static class TrialProduct
{
    const int Rows = 48, Inner = 64, Columns = 80;

    /// <summary>The largest distance from the product in double precision, relative to the largest number of that product.</summary>
    public static double Error()
    {
        Libtorch.Start();
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        var (left, right) = (Operand(Rows, Inner, 1), Operand(Inner, Columns, 2));
        var found = left.mm(right).to(float64);
        var exact = left.to(float64).mm(right.to(float64));
        return ((found - exact).abs().max() / exact.abs().max()).item<double>();
    }

    static Tensor Operand(int rows, int columns, int seed) =>
        AlignedTensor.Of(new RandomData(seed).Normals(rows * columns), rows, columns).to(bfloat16);
}

namespace MlPerfEdu.Serving.Rope;

/// <summary>
/// Rotary frequencies, one per pair of a head's dimensions, and how they are changed for contexts longer than the model was trained on.
/// </summary>
/// <param name="Frequencies">(dim / 2), radians per position</param>
/// <param name="Magnitude">Factor of both query and key, by which some methods change the temperature of attention.</param>
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
        if (dim < 4 || dim % 2 != 0)
            throw ServingErrors.OutOfRange("head dim", dim, "an even number from 4");
        if (!(@base > 1) || !double.IsFinite(@base))
            throw ServingErrors.OutOfRange("base", @base, "a number above 1");
        return new([.. Enumerable.Range(0, dim / 2).Select(pair => Math.Pow(@base, -2.0 * pair / dim))]);
    }

    /// <summary>A larger base, so that the slowest pair turns 1 / factor as fast and the fastest as before (bloc97 2023).</summary>
    public static RopeScaling Ntk(int dim, double @base, double factor)
    {
        CheckFactor(factor);
        return None(dim, @base * Math.Pow(factor, dim / (dim - 2.0)));
    }

    /// <summary>
    /// Pairs that turn often stay, those that turn less than once are slowed, those between are blended (Grattafiori et al. 2024).
    /// </summary>
    public static RopeScaling Llama3(int dim, double @base, double factor, int original) => new(
        [.. None(dim, @base).Blended(factor, original, Llama3FewTurns, Llama3ManyTurns)]);

    /// <summary>The same with another ramp, and attention made sharper as the context grows (Peng et al. 2023).</summary>
    public static RopeScaling Yarn(int dim, double @base, double factor, int original) => new(
        [.. None(dim, @base).Blended(factor, original, FewTurns, ManyTurns)], 0.1 * Math.Log(factor) + 1);

    /// <summary>A factor per pair, found by search (Ding et al. 2024).</summary>
    public static RopeScaling LongRope(int dim, double @base, IReadOnlyList<double> factors, double factor, int original)
    {
        CheckFactor(factor);
        var plain = None(dim, @base).Frequencies;
        Guard.Length(factors.Count, plain.Count, "factors");
        if (factors.FirstOrDefault(one => !(one >= 1), 1) is var wrong && !(wrong >= 1))
            throw ServingErrors.OutOfRange("factor of a pair", wrong, "at least 1");
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

    static void CheckFactor(double factor)
    {
        if (!(factor >= 1) || !double.IsFinite(factor))
            throw ServingErrors.OutOfRange("scaling factor", factor, "at least 1");
    }
}

namespace MlPerfEdu.Serving;

/// <summary>A statement about a module, and whether it was found to hold.</summary>
/// <param name="Found">What was seen, such as the largest difference.</param>
public sealed record Invariant(string Statement, bool Holds, string Found)
{
    public static Invariant AtMost(string statement, double found, double bound) =>
        new($"{statement}, at most {bound:0.###e0}", found <= bound, $"{found:0.###e0}");

    public static Invariant None(string statement, int mistakes) => new(statement, mistakes == 0, $"{mistakes} mistakes");
}

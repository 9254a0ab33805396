namespace MlPerfEdu.Zoo;

/// <summary>What serving costs.</summary>
/// <param name="FirstToken">From the prompt to the first token.</param>
/// <param name="NextToken">From one token of a sequence to the next.</param>
/// <param name="Cache">Keys and values, or the state, of all sequences.</param>
/// <param name="Waste">Share of the cache that paging leaves empty.</param>
public readonly record struct Serving(
    Duration FirstToken, Duration NextToken, ByteCount Weights, ByteCount Cache, double Waste, double Utilisation)
{
    public bool Fits => Utilisation <= 1;

    /// <exception cref="ZooException">When the question asks for what cannot be.</exception>
    public static Serving Solve(in ServingQuestion question)
    {
        question.Check();
        return question.Rules == Rules.Reference ? OriginalServing.Solve(question) : OurServing.Solve(question);
    }
}

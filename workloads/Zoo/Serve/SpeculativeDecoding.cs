namespace MlPerfEdu.Zoo;

/// <summary>A small model proposes tokens and the large one checks them in one pass (Leviathan et al. 2023).</summary>
public static class SpeculativeDecoding
{
    /// <summary>Tokens that one round yields on average.</summary>
    /// <param name="proposed">Tokens of the small model per round.</param>
    /// <param name="acceptance">Probability that one of them is kept.</param>
    public static double TokensPerRound(int proposed, double acceptance)
    {
        if (proposed < 1) throw ZooErrors.OutOfRange("proposals of", proposed, "at least 1 token");
        if (!(acceptance is >= 0 and <= 1)) throw ZooErrors.OutOfRange("an acceptance of", acceptance, "0 to 1");
        return acceptance == 1 ? proposed + 1 : 1 + (acceptance * (1 - Math.Pow(acceptance, proposed)) / (1 - acceptance));
    }

    public static Duration NextToken(Duration draft, Duration verify, int proposed = 4, double acceptance = 0.7) =>
        ((draft * proposed) + verify) * (1 / TokensPerRound(proposed, acceptance));
}

namespace MlPerfEdu.Zoo;

/// <summary>A small model proposes tokens and the large one checks them in one pass (Leviathan et al. 2023).</summary>
/// <param name="Proposed">Tokens of the small model per round.</param>
/// <param name="DraftToken">One token of the small model.</param>
/// <param name="Verify">The pass of the large model over the proposals.</param>
public readonly record struct SpeculativeDecoding(
    Model Draft, int Proposed, double TokensPerRound, Duration DraftToken, Duration Verify, Duration NextToken)
{
    /// <param name="question">Of the large model.</param>
    /// <param name="acceptance">Probability that a proposal is kept.</param>
    public static SpeculativeDecoding Of(in ServingQuestion question, Model draft, int proposed, double acceptance)
    {
        var perRound = TokensIn(proposed, acceptance);
        var token = Serving.Solve(question with { Model = draft }).NextToken;
        // Ours: a short prompt after a long cached one, the proposals and the token before them. The original decodes one token.
        var verify = question.Rules == Rules.Reference
            ? Serving.Solve(question).NextToken
            : Serving.Solve(question with { Prompt = question.Prompt + proposed + 1, CachedPrefix = question.Prompt, Chunks = 1 }).FirstToken;
        return new(draft, proposed, perRound, token, verify, Token(token, verify, proposed, acceptance));
    }

    /// <summary>Tokens that one round yields on average.</summary>
    public static double TokensIn(int proposed, double acceptance)
    {
        if (proposed < 1) throw ZooErrors.OutOfRange("proposals of", proposed, "at least 1 token");
        if (!(acceptance is >= 0 and <= 1)) throw ZooErrors.OutOfRange("an acceptance of", acceptance, "0 to 1");
        return acceptance == 1 ? proposed + 1 : 1 + (acceptance * (1 - Math.Pow(acceptance, proposed)) / (1 - acceptance));
    }

    public static Duration Token(Duration draft, Duration verify, int proposed = 4, double acceptance = 0.7) =>
        ((draft * proposed) + verify) * (1 / TokensIn(proposed, acceptance));
}

/// <summary>Requests join and leave a running batch, which is as large as memory allows.</summary>
/// <param name="Active">Requests at a time.</param>
public readonly record struct ContinuousBatching(int Active, double TokensPerSecond)
{
    /// <param name="question">Its batch is ignored.</param>
    public static ContinuousBatching Of(in ServingQuestion question, int most)
    {
        if (most < 1) throw ZooErrors.OutOfRange("a largest batch of", most, "at least 1");
        var one = Serving.Solve(question with { Batch = 1 });
        var capacity = question.Device.Capacity;
        var fitting = capacity > one.Weights ? Math.Floor((capacity - one.Weights) / one.Cache) : 0;
        var active = (int)Math.Min(most, fitting);
        if (active == 0) return default;
        var step = question.Rules == Rules.Reference
            ? (one.Weights + (one.Cache * active)) / question.Device.Bandwidth
            : Serving.Solve(question with { Batch = active }).NextToken;
        return new(active, active / step.Value);
    }
}

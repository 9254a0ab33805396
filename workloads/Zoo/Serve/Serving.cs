namespace MlPerfEdu.Zoo;

/// <summary>A model that answers prompts of one length, many at a time.</summary>
public readonly record struct ServingQuestion(Model Model, Device Device)
{
    public int Batch { get; init; } = 1;
    public Dtype Dtype { get; init; } = Dtype.Fp16;
    /// <summary>Tokens of a prompt.</summary>
    public int Prompt { get; init; } = 2048;
    /// <summary>Of them, those whose keys and values are cached from an earlier prompt.</summary>
    public int CachedPrefix { get; init; }
    /// <summary>Pieces in which the prompt is read.</summary>
    public int Chunks { get; init; } = 1;
    /// <summary>Tokens per page of the cache; 1 keeps it in one piece.</summary>
    public int Page { get; init; } = 1;
    public Heuristics Heuristics { get; init; } = Heuristics.Usual;
    public Rules Rules { get; init; }

    internal void Check()
    {
        if (!Model.Generates) throw ZooErrors.NoContext(Model);
        if (Batch < 1) throw ZooErrors.OutOfRange("a batch of", Batch, "at least 1");
        if (Prompt < 1) throw ZooErrors.OutOfRange("a prompt of", Prompt, "at least 1 token");
        if (CachedPrefix < 0 || CachedPrefix > Prompt)
            throw ZooErrors.OutOfRange("a cached prefix of", CachedPrefix, $"0 to {Prompt} tokens");
        if (Chunks < 1 || Chunks > Prompt) throw ZooErrors.OutOfRange("chunks of", Chunks, $"1 to {Prompt}");
        Heuristics.Check();
    }
}

/// <summary>What serving costs.</summary>
/// <param name="FirstToken">From the prompt to the first token.</param>
/// <param name="NextToken">From one token of a sequence to the next.</param>
/// <param name="Cache">Keys and values, or the state, of all sequences.</param>
/// <param name="Waste">Share of the cache that paging leaves empty.</param>
public readonly record struct Serving(
    Duration FirstToken, Duration NextToken, ByteCount Weights, ByteCount Cache, double Waste, double Utilisation)
{
    public bool Fits => Utilisation <= 1;

    /// <exception cref="ZooException">When the question is out of range or does not fit the model.</exception>
    public static Serving Solve(in ServingQuestion question)
    {
        question.Check();
        return question.Rules == Rules.Reference ? Original(question) : Ours(question);
    }

    // By the rules of the architecture; the next token is a pass of SingleNode.
    static Serving Ours(in ServingQuestion question)
    {
        var (model, device, dtype, batch) = (question.Model, question.Device, question.Dtype, question.Batch);
        var kept = KvCache.Paged(question.Prompt, question.Page);
        var next = SingleNode.Solve(new(model, device) { Batch = batch, Dtype = dtype, Context = kept, Heuristics = question.Heuristics });
        return Of(question, FirstTokenOf(question), next.Latency, Scaling.State(model, dtype, kept) * batch);
    }

    // Each chunk reads the weights its tokens touch, and starts every layer.
    static Duration FirstTokenOf(in ServingQuestion question)
    {
        var (model, device, dtype, batch, chunks) = (question.Model, question.Device, question.Dtype, question.Batch, question.Chunks);
        var fresh = Math.Max(1, question.Prompt - question.CachedPrefix);
        var work = ((model.Work * fresh) + Scaling.AttentionWork(model, question.Prompt - fresh, fresh)) * batch;
        var tokens = (double)fresh * batch;
        var pass = new Question(model, device) { Dtype = dtype, Heuristics = question.Heuristics };
        var traffic = (Scaling.Streamed(model, dtype, tokens / chunks) * chunks) + Activations.Of(pass, tokens)
            + (Scaling.State(model, dtype, question.Prompt) * batch);
        var compute = work / (device.Peaks.Of(dtype) * question.Heuristics.Efficiency);
        var starts = device.Dispatch + (question.Heuristics.LayerOverhead * (model.Layers ?? 1));
        return Duration.Max(compute, traffic / device.Bandwidth) + (starts * chunks);
    }

    // As MLSys·im has it: all parameters in the prompt, square attention, decoding by bandwidth alone.
    static Serving Original(in ServingQuestion question)
    {
        var (model, device) = (question.Model, question.Device);
        if (model.Architecture == Architecture.Ssm) throw ZooErrors.NotInReference(model);
        var (dtype, batch, prompt) = (question.Dtype, (double)question.Batch, (double)question.Prompt);
        var fresh = Math.Max(1, question.Prompt - question.CachedPrefix);
        var cache = KvCache.PerSequence(model, dtype, KvCache.Paged(question.Prompt, question.Page)) * batch;
        var (layers, heads, hidden) = (model.Layers!.Value, model.Heads!.Value, model.Hidden!.Value);

        var work = new Flop((2 * model.Parameters.Value * fresh * batch)
            + (4.0 * layers * heads * (hidden / heads) * fresh * prompt * batch));
        var first = (work / (device.Peaks.Of(dtype) * question.Heuristics.Efficiency)) + (device.Dispatch * question.Chunks);
        var next = ((model.Weights(dtype) + cache) / device.Bandwidth) + (question.Heuristics.LayerOverhead * layers);
        return Of(question, first, next, cache);
    }

    static Serving Of(in ServingQuestion question, Duration first, Duration next, ByteCount cache)
    {
        var weights = question.Model.Weights(question.Dtype);
        var waste = KvCache.Waste(question.Prompt, question.Page);
        return new(first, next, weights, cache, waste, (weights + cache) / question.Device.Capacity);
    }
}

/// <summary>Keys and values that a transformer keeps: of every head, of fewer shared ones, or compressed.</summary>
public static class KvCache
{
    public static ByteCount PerSequence(Model model, Dtype dtype, int context)
    {
        if (context == 0) return default;
        if (model is not { Layers: { } layers, Heads: { } heads, Hidden: { } hidden })
            throw ZooErrors.NotStated(model, "layers, hidden and heads");
        var width = model is { KvLatent: { } latent, RopeDim: { } rope }
            ? latent + rope
            : 2.0 * (model.KvHeads ?? heads) * (model.HeadDim ?? hidden / heads);
        return new(layers * width * context * dtype.Bytes());
    }

    /// <summary>Kept in pages, the last of which is seldom full.</summary>
    public static int Paged(int context, int page)
    {
        if (page < 1) throw ZooErrors.OutOfRange("a page of", page, "at least 1 token");
        return (context + page - 1) / page * page;
    }

    /// <summary>Share of the pages that holds nothing.</summary>
    public static double Waste(int context, int page) => 1 - ((double)context / Paged(context, page));
}

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

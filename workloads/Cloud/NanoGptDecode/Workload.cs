using MlPerfEdu.Engine.Inference;
using MlPerfEdu.Engine.LoadGen;
using MlPerfEdu.Workloads.Cloud.Gpt;
using MlPerfEdu.Workloads.Cloud.NanoGpt;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Cloud.NanoGptDecode;

/// <summary>Reads a long prompt and goes on from it, one token at a time, with the keys and values of all before it in a cache.</summary>
[Workload("nanogpt-decode")]
public sealed class NanoGptDecodeWorkload : GptInferenceWorkload, IBatchingSystem, ITellsAnswers, IByTheBook
{
    // More would gain little: prompts, read one by one, take most of the time.
    const int MostAtOnce = 8;

    readonly CachedGpt gpt;
    readonly KeyValueCache cache;
    readonly BatchedDecoder decoder;
    readonly int steps;
    // Answers whose turn in the hash has not come, and how many have been asked for and hashed.
    readonly Dictionary<long, IReadOnlyList<int>> early = [];
    long asked, hashed;

    public NanoGptDecodeWorkload(InferenceSetup setup) : base(setup)
    {
        steps = Entry.Geometry.Int("steps");
        gpt = new CachedGpt(Trained, get_num_threads(), MostAtOnce);
        cache = gpt.NewCache(PromptLength + steps);
        decoder = new BatchedDecoder(gpt, PromptLength + steps + 1);
    }

    protected override NanoGptModel Answering => Trained;

    public override IReadOnlyDictionary<string, double> Examine(IRunProgress progress, CancellationToken stop)
    {
        progress.Report("examining", 0, $"cached and recomputed logits at {steps} positions");
        var tokens = Prompt(0).ToList();
        var cached = new List<float[]>();
        GreedyDecoder.Generate(gpt, cache, Prompt(0), steps, tokens.Add, row => cached.Add(row.ToArray()));
        // The last token was chosen and not appended.
        var recomputed = Recomputed(Trained, tokens.SkipLast(1))[^cached.Count..];
        var pairs = cached.Zip(recomputed).ToList();
        return new Dictionary<string, double>
        {
            ["cache_error"] = pairs.Max(pair => Logits.LargestDifference(pair.First, pair.Second)),
            ["same_choices"] = pairs.Count(pair => Logits.Greedy(pair.First) == Logits.Greedy(pair.Second)),
            ["cache_bytes_per_token"] = cache.BytesPerToken,
        };
    }

    public override void Answer(int sample, Action tokenReady)
    {
        var open = true;
        Submit(sample, tokenReady, () => open = false);
        while (open)
            Step();
    }

    public void Submit(int sample, Action tokenReady, Action answered) => decoder.Submit(new DecodingRequest(asked++, Prompt(sample), steps + 1)
    {
        TokenReady = _ => tokenReady(),
        Answered = answer =>
        {
            RememberInTurn(answer);
            LastAnswer = [.. answer.Tokens.Select(token => (byte)token)];
            answered();
        },
    });

    public void Step() => decoder.Step();

    /// <summary>Its characters: tokens are bytes.</summary>
    public byte[] LastAnswer { get; private set; } = [];

    // Who is answered first depends on the machine; what is answered does not.
    void RememberInTurn(DecodedAnswer answer)
    {
        early[answer.Id] = answer.Tokens;
        for (; early.Remove(hashed, out var tokens); hashed++)
        {
            foreach (var token in tokens)
                Remember(token);
        }
    }

    public override IReadOnlyList<Invariant> CheckInvariants()
    {
        var declared = Entry.Geometry.Int("cache_bytes_per_token");
        return [.. base.CheckInvariants(),
            new(
                "a token's keys and values take the declared bytes", cache.BytesPerToken == declared, $"{cache.BytesPerToken}, {declared} declared")];
    }

    public override IRunningStep Prepare(int batch) => 
        new TokenStep(Trained, HalfAnswered(), [.. Enumerable.Range(0, batch).Select(sample => Prompt(sample % Samples)[0])]);

    public IBookStep PrepareByTheBook(int batch) => new BookDecode(Trained, HalfAnswered(), Prompt(0)[..1], batch);

    // A prompt and as many tokens more as half an answer has.
    int[] HalfAnswered() => [.. Prompt(0), .. Prompt(0)[..(steps / 2)]];

    public override void Dispose()
    {
        decoder.Dispose();
        gpt.Dispose();
        cache.Dispose();
        base.Dispose();
        GC.SuppressFinalize(this);
    }
}

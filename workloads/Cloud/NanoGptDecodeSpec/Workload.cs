using System.Diagnostics;
using MlPerfEdu.Engine.Checkpoints;
using MlPerfEdu.Engine.Inference;
using MlPerfEdu.Roofline;
using MlPerfEdu.Workloads.Cloud.Gpt;
using MlPerfEdu.Workloads.Cloud.NanoGpt;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Cloud.NanoGptDecodeSpec;

/// <summary>A large model that a small one drafts for.</summary>
[Workload("nanogpt-decode-spec")]
public sealed class NanoGptDecodeSpecWorkload : GptInferenceWorkload, IByTheBook
{
    const int SelfDraftedPrompts = 4;

    readonly InferenceSetup setup;
    readonly NanoGptModel targetModel;
    readonly CachedGpt target, draft;
    readonly SpeculativeDecoder decoder;
    readonly KeyValueCache plainCache;
    readonly int lookahead, count, examined;

    public NanoGptDecodeSpecWorkload(InferenceSetup setup) : base(setup)
    {
        (lookahead, count, examined) = (Size("lookahead"), Size("tokens"), Size("examined_prompts"));
        targetModel = new NanoGptModel(NanoGptGeometry.From(Entry.Geometry));
        this.setup = setup;
        var threads = get_num_threads();
        target = new CachedGpt(targetModel, threads, mostRows: lookahead + 1);
        draft = new CachedGpt(Trained, threads, mostRows: 2);
        decoder = NewDecoder(draft);
        plainCache = target.NewCache(Capacity);
    }

    protected override NanoGptModel Answering => targetModel;

    // The last round may check drafts of which the answer needs only some.
    int Capacity => PromptLength + count + lookahead + 1;

    int Size(string name) => Entry.Geometry.Int(name);

    SpeculativeDecoder NewDecoder(CachedGpt drafting) => new(target, drafting, lookahead, Capacity);

    // In place: addresses of parameters that others keep stay valid.
    void MakeModels(IRunProgress progress, CancellationToken stop)
    {
        var text = setup.Trainer.Load<TextDataSet>().Train;
        GrownTarget.LoadOrMake(targetModel, Trained, setup.Weights.Record.WeightsSha256, Entry, setup.Kept, text, progress, stop);
        var origin = $"{Entry.Sha256} {setup.Weights.Record.WeightsSha256}";
        new DerivedWeights(setup.Kept).LoadOrMake($"{Entry.Id}-draft", origin, Trained, () => ShortTraining.Of(Entry.Geometry, "draft").Distil(
            Trained, targetModel, text, (share, loss) => progress.Report("training the draft", share, $"loss {loss:0.000}"), stop));
    }

    public override IReadOnlyDictionary<string, double> Examine(IRunProgress progress, CancellationToken stop)
    {
        MakeModels(progress, stop);
        double plain = 0, speculative = 0;
        var equal = 0;
        for (var sample = 0; sample < examined; sample++)
        {
            stop.ThrowIfCancellationRequested();
            progress.Report("examining", (double)sample / examined, $"prompt {sample + 1} of {examined}, with and without drafts");
            var (expected, plainSeconds) = Timed(take => GreedyDecoder.Generate(target, plainCache, Prompt(sample), count - 1, take));
            var (found, seconds) = Timed(take => decoder.Generate(Prompt(sample), count, take));
            equal += found.SequenceEqual(expected) ? 1 : 0;
            (plain, speculative) = (plain + plainSeconds, speculative + seconds);
        }

        using var alone = NewDecoder(target);
        for (var sample = 0; sample < Math.Min(SelfDraftedPrompts, examined); sample++)
        {
            stop.ThrowIfCancellationRequested();
            alone.Generate(Prompt(sample), count, _ => { });
        }

        return new Dictionary<string, double>
        {
            ["lossless_prompts"] = equal,
            ["self_draft_acceptance"] = (double)alone.Accepted / alone.Drafted,
            ["acceptance"] = (double)decoder.Accepted / decoder.Drafted,
            ["tokens_per_round"] = (double)(decoder.Accepted + decoder.Rounds) / decoder.Rounds,
            ["speed_up"] = plain / speculative,
            ["plain_seconds_per_token"] = plain / (examined * count),
            ["target_step_seconds"] = StepSeconds(target, 1),
            ["check_step_seconds"] = StepSeconds(target, lookahead + 1),
            ["draft_step_seconds"] = StepSeconds(draft, 1),
        };
    }

    static (List<int> Tokens, double Seconds) Timed(Action<Action<int>> generate)
    {
        var tokens = new List<int>();
        var start = Stopwatch.GetTimestamp();
        generate(tokens.Add);
        return (tokens, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    // Whether drafting pays follows from these: a round is so many drafts and a check, and gives tokens_per_round of plain steps.
    double StepSeconds(CachedGpt gpt, int tokens)
    {
        const int repeats = 9;
        using var cache = gpt.NewCache(Capacity);
        var seconds = new List<double>();
        for (var i = 0; i < repeats; i++)
        {
            cache.Truncate(0);
            seconds.Add(Timed(_ => gpt.Append(cache, Prompt(0).AsSpan(0, tokens))).Seconds);
        }

        return Statistics.Median(seconds);
    }

    public override void Answer(int sample, Action tokenReady)
    {
        var tokens = new List<int>(count);
        decoder.Generate(Prompt(sample), count, token =>
        {
            tokens.Add(token);
            tokenReady();
        });
        tokens.ForEach(Remember);
    }

    public override IRunningStep Prepare(int batch) => new CheckStep(this, batch);

    public IBookStep PrepareByTheBook(int batch) => new BookDecode(targetModel, Prompt(0), Drafts(), batch);

    // As many tokens as the target checks at once: the one chosen last, and the drafts after it.
    int[] Drafts() => Prompt(0)[..(lookahead + 1)];

    public override void Dispose()
    {
        decoder.Dispose();
        plainCache.Dispose();
        draft.Dispose();
        target.Dispose();
        targetModel.Dispose();
        base.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>The target checks the drafts of a round, halfway through an answer; of several answers one after another.</summary>
    sealed class CheckStep : IRunningStep
    {
        readonly NanoGptDecodeSpecWorkload workload;
        readonly KeyValueCache cache;
        readonly int[] tokens;
        readonly int batch, filled;

        public CheckStep(NanoGptDecodeSpecWorkload workload, int batch)
        {
            (this.workload, this.batch) = (workload, batch);
            filled = workload.PromptLength;
            cache = workload.target.NewCache(workload.Capacity);
            workload.target.Prefill(cache, workload.Prompt(0));
            tokens = workload.Drafts();
            Count = GptCount.Decode(workload.targetModel, batch, tokens.Length, filled);
        }

        public StepCount Count { get; }

        public string Unrecorded => "not recorded: the step runs without libtorch";

        void IRunningStep.Step()
        {
            for (var answer = 0; answer < batch; answer++)
            {
                workload.target.Append(cache, tokens);
                cache.Truncate(filled);
            }
        }

        public void Dispose() => cache.Dispose();
    }
}

using MlPerfEdu.Engine.Inference;
using MlPerfEdu.Workloads.Cloud.Gpt;
using MlPerfEdu.Workloads.Cloud.NanoGpt;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Cloud.NanoGptPrefill;

/// <summary>Reads a long prompt and says its next token.</summary>
[Workload("nanogpt-prefill", HasBf16 = true)]
public sealed class NanoGptPrefillWorkload : GptInferenceWorkload, IByTheBook
{
    readonly CachedGpt gpt;
    readonly KeyValueCache cache;
    // What answers and their time are held against is fp32.
    readonly NanoGptModel reference;

    public NanoGptPrefillWorkload(InferenceSetup setup) : base(setup, setup.Precision)
    {
        reference = setup.Precision.Used == Precision.Fp32 ? Trained : Load(setup, PrecisionChoice.Fp32);
        gpt = new CachedGpt(Trained, get_num_threads(), mostRows: 1);
        cache = gpt.NewCache(PromptLength);
    }

    protected override NanoGptModel Answering => Trained;

    public override IReadOnlyDictionary<string, double> Examine(IRunProgress progress, CancellationToken stop)
    {
        progress.Report("examining", 0, "the logits of a prompt, in blocks and at once");
        var found = Read(0);
        var expected = Recomputed(reference, Prompt(0))[^1];
        return new Dictionary<string, double>
        {
            ["prefill_error"] = Logits.LargestDifference(found, expected),
            ["prompt_tokens"] = PromptLength,
        };
    }

    public override void Answer(int sample, Action tokenReady)
    {
        var token = Logits.Greedy(Read(sample));
        tokenReady();
        Remember(token);
    }

    float[] Read(int sample)
    {
        cache.Truncate(0);
        return gpt.Prefill(cache, Prompt(sample));
    }

    public override IRunningStep Prepare(int batch) => new Step(this, batch);

    public IBookStep PrepareByTheBook(int batch) =>
        new BookPrefill(reference, [.. Enumerable.Range(0, batch).Select(sample => Prompt(sample % Samples))]);

    public override void Dispose()
    {
        gpt.Dispose();
        cache.Dispose();
        reference.Dispose();
        base.Dispose();
        GC.SuppressFinalize(this);
    }

    // One prompt after another: a prompt fills the machine.
    sealed class Step(NanoGptPrefillWorkload workload, int batch) : IRunningStep
    {
        public StepCount Count { get; } = GptCount.Prefill(workload.Trained, batch, workload.PromptLength);

        void IRunningStep.Step()
        {
            for (var sample = 0; sample < batch; sample++)
                workload.Read(sample % workload.Samples);
        }

        public void Dispose()
        {
        }
    }
}

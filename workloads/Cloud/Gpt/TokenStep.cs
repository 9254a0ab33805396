using MlPerfEdu.Workloads.Cloud.NanoGpt;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Cloud.Gpt;

/// <summary>A token more for each of several answers that began with the same text, again and again.</summary>
public sealed class TokenStep : IRunningStep
{
    readonly CachedGpt gpt;
    readonly KeyValueCache[] caches;
    readonly int[] tokens;
    readonly int filled;

    /// <param name="tokens">One for each answer.</param>
    public TokenStep(NanoGptModel model, int[] text, int[] tokens)
    {
        (this.tokens, filled) = (tokens, text.Length);
        gpt = new CachedGpt(model, get_num_threads(), tokens.Length);
        caches = Array.ConvertAll(tokens, _ => gpt.NewCache(filled + 1));
        foreach (var cache in caches)
            gpt.Prefill(cache, text);
        Count = GptCount.Decode(model, tokens.Length, 1, filled);
    }

    public StepCount Count { get; }

    public string Unrecorded => "not recorded: the step runs without libtorch";

    void IRunningStep.Step()
    {
        gpt.AppendEach(caches, tokens);
        foreach (var cache in caches)
            cache.Truncate(filled);
    }

    public void Dispose()
    {
        gpt.Dispose();
        foreach (var cache in caches)
            cache.Dispose();
    }
}

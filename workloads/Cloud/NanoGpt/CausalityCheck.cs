using MlPerfEdu.Engine.Training;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Cloud.NanoGpt;

/// <summary>A model that sees what it is to predict learns nothing: later tokens must not change a bit of earlier logits.</summary>
static class CausalityCheck
{
    const int Seed = 1;

    public static Invariant Of(NanoGptGeometry geometry, int window)
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        random.manual_seed(Seed);
        var model = new NanoGptModel(geometry);
        var text = randint(geometry.Vocabulary, new long[] { 1, window }, dtype: int64);
        var changed = text.clone();
        var kept = window / 2;
        changed.narrow(1, kept, window - kept).add_(1).remainder_(geometry.Vocabulary);

        var difference = (model.forward(changed) - model.forward(text)).abs();
        var earlier = difference.narrow(1, 0, kept).max().item<float>();
        var later = difference.narrow(1, kept, window - kept).max().item<float>();
        return new("later characters never change earlier logits", earlier == 0 && later > 0,
            FormattableString.Invariant($"{earlier} before the change, {later:0.000} after it"));
    }
}

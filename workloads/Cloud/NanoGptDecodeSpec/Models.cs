using MlPerfEdu.Engine.Checkpoints;
using MlPerfEdu.Engine.Running;
using MlPerfEdu.Workloads.Cloud.NanoGpt;
using static TorchSharp.torch.nn;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Cloud.NanoGptDecodeSpec;

/// <summary>
/// Fills a model twice as wide and twice as deep so that it computes what a trained one does (Net2Net, Chen et al., 2016): every number
/// stands twice, whatever reads two copies weighs each by half, and the layers in between add nothing yet. Its training begins there.
/// </summary>
static class GrownGpt
{
    /// <param name="noise">Deviation of what is added to every matrix, so that copies learn different things.</param>
    public static void Fill(NanoGptModel large, NanoGptModel small, double noise)
    {
        var (from, to) = (small.Geometry, large.Geometry);
        if ((to.Layers, to.Width, to.Heads, to.Vocabulary) != (2 * from.Layers, 2 * from.Width, 2 * from.Heads, from.Vocabulary))
            throw new ArgumentException($"{to} does not grow from {from}; expected twice its layers, width and heads.", nameof(large));
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var known = small.named_parameters().ToDictionary(parameter => parameter.name, parameter => (Tensor)parameter.parameter);
        foreach (var (name, parameter) in large.named_parameters())
        {
            using var each = NewDisposeScope();
            if (Source(name) is { } source)
                parameter.narrow(0, 0, Rows(known[source], name)).copy_(Grown(name, known[source]));
            else if (AddsToTheStream(name))
                parameter.zero_();
            if (parameter.dim() == 2)
                parameter.add_(randn(parameter.shape) * (float)noise);
        }
    }

    // Layer 2·i is grown from layer i; the odd ones are new.
    static string? Source(string name)
    {
        if (name.Split('.') is not ["layers", var number, .. var rest])
            return name;
        var layer = int.Parse(number, System.Globalization.CultureInfo.InvariantCulture);
        return layer % 2 == 0 ? $"layers.{layer / 2}.{string.Join('.', rest)}" : null;
    }

    static bool AddsToTheStream(string name) => name.Contains(".output.") || name.Contains(".down.");

    // The larger model may know more positions.
    static long Rows(Tensor source, string name) => IsTable(name) ? source.shape[0] : 2 * source.shape[0];

    static bool IsTable(string name) => name is "tokens.weight" or "positions.weight";

    static Tensor Grown(string name, Tensor source) => name switch
    {
        _ when IsTable(name) => Twice(source, 1),
        // The head multiplies two copies of every number.
        "norm.weight" or "norm.bias" => Twice(source, 0) / 2,
        _ when name.EndsWith("queryKeyValue.weight", StringComparison.Ordinal) => Twice(Twice(Parts(source), 1), 2).flatten(0, 1) / 2,
        _ when name.EndsWith("queryKeyValue.bias", StringComparison.Ordinal) => Twice(Parts(source), 1).flatten(0, 1),
        _ when source.dim() == 2 => Twice(Twice(source, 0), 1) / 2,
        _ => Twice(source, 0),
    };

    // Queries, keys and values apart, so that each has the heads of the smaller model twice.
    static Tensor Parts(Tensor source) => source.view([3, source.shape[0] / 3, .. source.shape[1..]]);

    static Tensor Twice(Tensor source, long dimension) => cat([source, source], dimension);
}

/// <summary>A model of twice the sizes, grown from a checkpoint and then trained for some steps more on the same text. Made once, then kept.</summary>
static class GrownTarget
{
    /// <summary>Fills the larger model. Its entry's geometry says how it grows and learns.</summary>
    /// <param name="small">With the weights of the checkpoint, which has this SHA-256.</param>
    /// <param name="kept">The folder for weights that follow from those.</param>
    public static void LoadOrMake(
        NanoGptModel large, NanoGptModel small, string weightsSha256, ModelEntry entry, string kept, byte[] text, IRunProgress progress,
        CancellationToken stop)
    {
        var sizes = entry.Geometry;
        var (noise, training) = (sizes.NumberOrZero("noise"), ShortTraining.Of(sizes, "target"));
        // Entries with the same sizes share it.
        var origin = FormattableString.Invariant($"{large.Geometry} {noise} {training} {weightsSha256}");
        new DerivedWeights(kept).LoadOrMake(entry.Model, origin, large, () =>
        {
            random.manual_seed(1);
            large.Initialise();
            GrownGpt.Fill(large, small, noise);
            training.Train(large, text, (share, loss) => progress.Report("training the target", share, $"loss {loss:0.000}"), stop);
        });
    }
}

/// <summary>A few steps of AdamW on windows of a text, with a learning rate that falls to nothing.</summary>
sealed record ShortTraining(int Steps, int Batch, int Window, double LearningRate)
{
    const ulong DataSeed = 1;

    /// <param name="model">What the sizes call the trained model.</param>
    public static ShortTraining Of(Geometry sizes, string model) => new(
        sizes.Int($"{model}_steps"), sizes.Int($"{model}_batch"), sizes.Int("window"), sizes.Number($"{model}_learning_rate"));

    /// <summary>Learns to predict the next character.</summary>
    public void Train(NanoGptModel model, byte[] text, Action<double, float> progress, CancellationToken stop) =>
        Run(model, text, (logits, _, next) => functional.cross_entropy(logits.view(-1, logits.shape[2]), next.reshape(-1)), progress, stop);

    /// <summary>Learns to say what a teacher says, with all of its doubts (Hinton et al., 2015).</summary>
    public void Distil(NanoGptModel model, NanoGptModel teacher, byte[] text, Action<double, float> progress, CancellationToken stop)
    {
        Run(model, text, Apart, progress, stop);

        Tensor Apart(Tensor logits, Tensor window, Tensor next) => -(Taught(teacher, window) * functional.log_softmax(logits, -1)).sum(-1).mean();
    }

    static Tensor Taught(NanoGptModel teacher, Tensor window)
    {
        using var frozen = no_grad();
        return teacher.forward(window).softmax(-1);
    }

    // windows [B, T] and what follows each character of them, [B, T]
    void Run(
        NanoGptModel model, byte[] text, Func<Tensor, Tensor, Tensor, Tensor> loss, Action<double, float> progress, CancellationToken stop)
    {
        using var characters = tensor(text, dtype: int64);
        using var optimizer = new FlatAdamW(model.parameters(), (0.9, 0.99), 1e-8, weightDecay: 0.01, clipNorm: 1);
        var order = new BatchOrder(text.Length - Window - 1, Batch, DataSeed);
        for (var step = 0; step < Steps; step++)
        {
            stop.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var starts = tensor(order.Next().ToArray()).unsqueeze(1) + arange(Window + 1).unsqueeze(0);
            var windows = characters.index_select(0, starts.view(-1)).view(Batch, Window + 1);
            var window = windows.narrow(1, 0, Window);
            var found = loss(model.forward(window), window, windows.narrow(1, 1, Window));
            found.backward();
            optimizer.LearningRate = LearningRate * (1 - (double)step / Steps);
            optimizer.Step();
            progress((double)(step + 1) / Steps, found.item<float>());
        }
    }
}

using MlPerfEdu.Engine.Training;
using MlPerfEdu.Workloads.Cloud.NanoGpt;
using static TorchSharp.torch.nn;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Cloud.NanoGptDecodeSpec;

/// <summary>A few steps of AdamW on windows of a text, with a learning rate that falls to nothing.</summary>
sealed record ShortTraining(int Steps, int Batch, int Window, double LearningRate)
{
    const ulong DataSeed = 1;

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

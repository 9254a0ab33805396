using TorchSharp;
using static TorchSharp.torch;

namespace MlPerfEdu.Engine.Training;

/// <summary>
/// What inputs tell without a network: the linear map from them to classes with the least squared error, and a penalty on its size. It draws no
/// random number, so that scoring it changes no training.
/// </summary>
public static class LinearModel
{
    const int RowsAtOnce = 4096;

    // Of the samples; the best of them counts, although it is chosen on what is scored: what a linear model could reach at most.
    static readonly double[] Penalties = [0.001, 0.01, 0.1, 1];

    /// <param name="numbers">Of rows of the samples to train on.</param>
    /// <param name="scored">[N, …]</param>
    public static double Accuracy(Func<Tensor, Tensor> numbers, Tensor samples, Tensor labels, Tensor scored, long[] scoredLabels, int classes)
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        var (rows, features) = (samples.shape[0], scored.numel() / scored.shape[0] + 1);
        var asked = WithOne(scored);
        var best = 0.0;
        foreach (var answers in features <= rows ? ByFeatures(numbers, samples, labels, asked, classes) : BySamples(numbers, samples, labels, asked, classes))
            best = Math.Max(best, Metrics.Accuracy(answers.argmax(1).data<long>().ToArray(), scoredLabels));
        return best;
    }

    // (XᵀX + λI)⁻¹Xᵀ·Y, [features, features] whatever the number of samples.
    static IEnumerable<Tensor> ByFeatures(Func<Tensor, Tensor> numbers, Tensor samples, Tensor labels, Tensor asked, int classes)
    {
        long all = samples.shape[0], features = asked.shape[1];
        Tensor squares = zeros(features, features), products = zeros(features, classes);
        for (long start = 0; start < all; start += RowsAtOnce)
        {
            using var some = NewDisposeScope();
            var count = Math.Min(RowsAtOnce, all - start);
            var rows = WithOne(numbers(samples.narrow(0, start, count)));
            squares.addmm_(rows.t(), rows);
            products.addmm_(rows.t(), OneHot(labels.narrow(0, start, count), classes));
        }
        return Penalised(squares, products, all).Select(map => asked.mm(map));
    }

    // Xᵀ(XXᵀ + λI)⁻¹·Y, the same map, [samples, samples] where those are fewer.
    static IEnumerable<Tensor> BySamples(Func<Tensor, Tensor> numbers, Tensor samples, Tensor labels, Tensor asked, int classes)
    {
        var rows = WithOne(numbers(samples));
        var products = asked.mm(rows.t());
        return Penalised(rows.mm(rows.t()), OneHot(labels, classes), samples.shape[0]).Select(weights => products.mm(weights));
    }

    static IEnumerable<Tensor> Penalised(Tensor squares, Tensor products, long samples)
    {
        var identity = eye(squares.shape[0]);
        foreach (var penalty in Penalties)
            yield return linalg.solve(squares + identity * (penalty * samples), products);
    }

    static Tensor OneHot(Tensor labels, int classes) => nn.functional.one_hot(labels, classes).to(float32);

    // [N, …] → [N, features], the last of them 1.
    static Tensor WithOne(Tensor rows) => cat([rows.flatten(1), ones(rows.shape[0], 1)], 1);
}

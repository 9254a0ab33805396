using TorchSharp;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Edge;

/// <summary>Bytes to numbers around zero, by the level and spread of each colour in the pictures that are trained on.</summary>
sealed class PixelScale : IDisposable
{
    readonly Tensor level, spread;

    public PixelScale(LabelledImages train)
    {
        var places = train.Height * train.Width;
        var counts = new long[train.Channels, 1 << 8];
        for (var i = 0; i < train.Pixels.Length; i++) counts[i / places % train.Channels, train.Pixels[i]]++;
        (level, spread) = (empty(train.Channels), empty(train.Channels));
        for (var channel = 0; channel < train.Channels; channel++)
        {
            double pixels = (double)train.Count * places, mean = 0, square = 0;
            for (var value = 0; value < 1 << 8; value++)
            {
                mean += counts[channel, value] * value / pixels;
                square += counts[channel, value] * (double)value * value / pixels;
            }
            level[channel] = (float)mean;
            spread[channel] = (float)Math.Sqrt(square - mean * mean);
        }
    }

    /// <summary>[N, height, width, channels]: the colours of a place side by side.</summary>
    public static Tensor Rows(LabelledImages images)
    {
        using var planes = tensor(images.Pixels, [images.Count, images.Channels, images.Height, images.Width]);
        return planes.permute(0, 2, 3, 1).contiguous();
    }

    /// <param name="rows">Bytes, colours last.</param>
    public Tensor Of(Tensor rows) => rows.to(float32).sub_(level).div_(spread);

    public void Dispose()
    {
        level.Dispose();
        spread.Dispose();
    }
}

/// <summary>What a batch is trained on: each picture moved by a few pixels, its new edges black, and every other one mirrored.</summary>
static class ShiftedPictures
{
    /// <param name="rows">Bytes, [B, height, width, channels].</param>
    /// <param name="most">Pixels along and down.</param>
    public static Tensor Of(Tensor rows, int most, ref Xoshiro noise)
    {
        var (count, height, width, channels) = ((int)rows.shape[0], (int)rows.shape[1], (int)rows.shape[2], (int)rows.shape[3]);
        var shown = zeros_like(rows);
        Span<byte> from = rows.bytes, to = shown.bytes;
        for (var picture = 0; picture < count; picture++)
        {
            var (down, along, isMirrored) = (noise.Below(2 * most + 1) - most, noise.Below(2 * most + 1) - most, noise.Chance(0.5));
            for (var row = Math.Max(0, down); row < Math.Min(height, height + down); row++)
            {
                for (var column = Math.Max(0, along); column < Math.Min(width, width + along); column++)
                {
                    var (source, target) = (column - along, isMirrored ? width - 1 - column : column);
                    from.Slice(Place(row - down, source), channels).CopyTo(to[Place(row, target)..]);
                }
            }

            int Place(int row, int column) => ((picture * height + row) * width + column) * channels;
        }
        return shown;
    }
}

/// <summary>What pixels tell without a network: the linear map from pixels to classes with the least squared error, and a penalty on its size.</summary>
static class LinearPixels
{
    const int RowsAtOnce = 4096;

    // Of the pictures; the best of them counts, although it is chosen on what is scored: what a linear model could reach at most.
    static readonly double[] Penalties = [0.001, 0.01, 0.1, 1];

    /// <param name="numbers">Of rows of the pictures to train on.</param>
    /// <param name="scored">[N, height, width, channels]</param>
    public static double Accuracy(Func<Tensor, Tensor> numbers, Tensor pictures, Tensor labels, Tensor scored, long[] scoredLabels, int classes)
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        long all = pictures.shape[0], features = scored.numel() / scored.shape[0] + 1;
        Tensor squares = zeros(features, features), products = zeros(features, classes);
        for (long start = 0; start < all; start += RowsAtOnce)
        {
            using var some = NewDisposeScope();
            var count = Math.Min(RowsAtOnce, all - start);
            var rows = WithOne(numbers(pictures.narrow(0, start, count)));
            squares.addmm_(rows.t(), rows);
            products.addmm_(rows.t(), nn.functional.one_hot(labels.narrow(0, start, count), classes).to(float32));
        }

        var (asked, identity, best) = (WithOne(scored), eye(features), 0.0);
        foreach (var penalty in Penalties)
        {
            using var some = NewDisposeScope();
            var map = linalg.solve(squares + identity * (penalty * all), products);
            best = Math.Max(best, Metrics.Accuracy(asked.mm(map).argmax(1).data<long>().ToArray(), scoredLabels));
        }
        return best;
    }

    // [N, …] → [N, features], the last of them 1.
    static Tensor WithOne(Tensor rows) => cat([rows.flatten(1), ones(rows.shape[0], 1)], 1);
}

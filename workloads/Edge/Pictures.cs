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

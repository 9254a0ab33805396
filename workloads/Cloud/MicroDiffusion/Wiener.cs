using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Cloud.MicroDiffusion;

/// <summary>
/// The best linear guess of the noise, from mean and covariance of all pixels of the images to train on: what a network must beat to have learned more
/// than that. ε ≈ √(1 − ᾱ)·(ᾱ·Σ + (1 − ᾱ)·I)⁻¹·(x_t − √ᾱ·μ), exact at every timestep from one eigendecomposition of Σ.
/// </summary>
/// <remarks>
/// A mirrored image is as likely as the image, so Σ couples no even part of an image (left plus mirrored right half) with an odd one, and is two
/// matrices of half its size. Fewer images than a few times their pixels leave Σ poor, and the guess far worse than a linear one need be.
/// A share of Σ is therefore replaced by what it would be if pixels at one distance were equally correlated wherever they lie.
/// </remarks>
sealed class WienerDenoiser : IDisposable
{
    // Of the images at a time, as doubles.
    const int Chunk = 1000;

    readonly Part even, odd;

    /// <summary>Eigenvalues and eigenvectors of a part's covariance, and its mean, in double precision.</summary>
    sealed record Part(Tensor Mean, Tensor Values, Tensor Vectors);

    WienerDenoiser(Part even, Part odd) => (this.even, this.odd) = (even, odd);

    /// <param name="images">[N, C, H, W]</param>
    /// <param name="stationary">The share of the covariance that does not depend on the place.</param>
    public static WienerDenoiser Fit(Tensor images, double stationary)
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        long count = images.shape[0], side = images.shape[3];
        var shape = images.shape[1..];
        var mean = images.mean([0], type: float64);
        mean = (mean + mean.flip(2)) / 2;                                                  // [C, H, W]
        var covariance = zeros(mean.numel(), mean.numel(), dtype: float64);
        for (long start = 0; start < count; start += Chunk)
        {
            using var chunk = NewDisposeScope();
            var rows = (images.narrow(0, start, Math.Min(Chunk, count - start)).to_type(ScalarType.Float64) - mean).flatten(1);
            covariance.add_(rows.t().mm(rows));
        }
        covariance = covariance.div_(count).view([.. shape, .. shape]);
        covariance = (covariance + covariance.flip(2, 5)) / 2;
        covariance = (1 - stationary) * covariance + stationary * Stationary(covariance);
        var (left, right) = (covariance.narrow(2, 0, side / 2), covariance.narrow(2, side / 2, side / 2).flip(2));
        return new(PartOf(mean, left + right, isEven: true), PartOf(mean, left - right, isEven: false));

        // [C, H, W/2, C, H, W]: the rows are folded already.
        Part PartOf(Tensor mean, Tensor rows, bool isEven)
        {
            var folded = Fold(rows.flatten(0, 2), isEven).mul_(Math.Sqrt(0.5));            // [D/2, D/2]
            var (values, vectors) = linalg.eigh(folded);
            return new(Fold(mean.unsqueeze(0), isEven).DetachFromDisposeScope(), values.clamp_min(0).DetachFromDisposeScope(), vectors.DetachFromDisposeScope());
        }
    }

    /// <summary>The mean squared error of the guess for each image, [B] as doubles.</summary>
    /// <param name="images">[B, C, H, W]</param>
    /// <param name="noise">Of the same shape.</param>
    public Tensor Errors(NoiseSchedule schedule, Tensor images, IReadOnlyList<int> t, Tensor noise)
    {
        using var scope = NewDisposeScope();
        var (kept, rest) = (Column(t, schedule.Kept), Column(t, one => 1 - schedule.Kept(one)));
        var squares = OfPart(even, isEven: true) + OfPart(odd, isEven: false);
        return (squares / (images.numel() / images.shape[0])).DetachFromDisposeScope();

        Tensor OfPart(Part part, bool isEven)
        {
            var (x, e) = ((Fold(images, isEven) - part.Mean).mm(part.Vectors), Fold(noise, isEven).mm(part.Vectors));
            var seen = kept.sqrt() * x + rest.sqrt() * e;
            return (rest.sqrt() * seen / (kept * part.Values + rest) - e).square().sum(1);
        }
    }

    static Tensor Column(IReadOnlyList<int> t, Func<int, double> value) => AlignedTensor.Of([.. t.Select(value)], t.Count, 1);

    // [N, ..., H, W] → [N, D/2], an orthonormal half of each image's coordinates.
    static Tensor Fold(Tensor images, bool isEven)
    {
        var (last, half) = (images.dim() - 1, images.shape[^1] / 2);
        var (left, right) = (images.narrow(last, 0, half).to_type(ScalarType.Float64), images.narrow(last, half, half).flip(last).to_type(ScalarType.Float64));
        return (isEven ? left + right : left - right).mul_(Math.Sqrt(0.5)).flatten(1);
    }

    // [C, H, W, C, H, W] → the same, each number the mean over all pairs of pixels that lie equally far apart in the same two colours.
    static Tensor Stationary(Tensor covariance)
    {
        long colours = covariance.shape[0], height = covariance.shape[1], width = covariance.shape[2], apart = 2 * width - 1;
        var (y, x) = (arange(height, dtype: int64), arange(width, dtype: int64));
        var down = y.view(-1, 1, 1, 1) - y.view(1, 1, -1, 1) + (height - 1);
        var along = x.view(1, -1, 1, 1) - x.view(1, 1, 1, -1) + (width - 1);
        var distance = (down * apart + along).flatten();                                   // of [H, W, H, W]
        var result = empty_like(covariance);
        var pairs = distance.bincount(null, (2 * height - 1) * apart).to_type(ScalarType.Float64);
        for (long a = 0; a < colours; a++)
        {
            for (long b = 0; b < colours; b++)
            {
                var block = covariance.select(3, b).select(0, a);                          // [H, W, H, W]
                var mean = zeros_like(pairs).scatter_add_(0, distance, block.flatten()) / pairs;
                result.select(3, b).select(0, a).copy_(mean.index_select(0, distance).view(block.shape));
            }
        }
        return result;
    }

    public void Dispose()
    {
        foreach (var part in (Part[])[even, odd])
        {
            part.Mean.Dispose();
            part.Values.Dispose();
            part.Vectors.Dispose();
        }
    }
}

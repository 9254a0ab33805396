using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Cloud.MicroDiffusion;

/// <summary>
/// How far predicted noise is off: the mean squared error over all images to score, each with one timestep and one noise that are the same in every
/// run, beside what the <see cref="WienerDenoiser"/> and a prediction of no noise at all make of the same.
/// </summary>
sealed class NoiseScore : IDisposable
{
    public const int Buckets = 10;

    // In the noisiest ones hardly more than an image's mean colour can be known, and that is linear.
    public const int Judged = 8;

    // Of the covariance; of 0.03, 0.1 and 0.4 the share with which the linear guess is best on the images to score.
    const double Stationary = 0.1;

    // Of a batch of twice as many, the maps alone would be a gigabyte.
    const int Batch = 50;

    // Of a batch, scored once more while all blocks are told of one timestep.
    const int Misled = 10;

    // Has no factor in common with a thousand timesteps: as many images meet each of them once.
    const int Stride = 617;

    const ulong Seed = 20_260;

    readonly NoiseSchedule schedule;
    readonly Tensor scored;
    readonly Lazy<WienerDenoiser> wiener;
    readonly Lazy<Errors> trivial;

    public NoiseScore(NoiseSchedule schedule, Tensor trained, Tensor scored)
    {
        (this.schedule, this.scored) = (schedule, scored);
        wiener = new(() => WienerDenoiser.Fit(trained, Stationary));
        trivial = new(Trivial);
    }

    /// <summary>Errors of each bucket of timesteps.</summary>
    /// <param name="Zero">Of a prediction of no noise.</param>
    sealed record Errors(double[] Wiener, double Zero);

    public Scores Of(MicroDiffusionModel model, CancellationToken stop)
    {
        var sums = new double[Buckets];
        double misled = 0, own = 0;
        foreach (var (start, count) in Batches())
        {
            stop.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var (t, shown) = Shown(start, count);
            var squares = Squares(model.Predict(shown.Rows, null), shown.Noise);
            foreach (var (i, square) in squares.Index()) sums[Bucket(t[i])] += square;
            var few = Math.Min(Misled, count);
            own += squares[..few].Sum();
            misled += Squares(model.Predict(shown.Rows.narrow(0, 0, few), schedule.Timesteps / 2), shown.Noise.narrow(0, 0, few)).Sum();
        }
        double[] found = [.. sums.Zip(Counts(), (sum, count) => sum / count)], linear = trivial.Value.Wiener;
        double all = Mean(found), allLinear = Mean(linear);
        return new Scores(
            new Dictionary<string, double>
            {
                ["noise_mse"] = all,
                ["wiener_mse"] = allLinear,
                ["zero_mse"] = trivial.Value.Zero,
                ["over_wiener"] = all / allLinear,
                ["worst_bucket_over_wiener"] = found.Zip(linear, (network, guess) => network / guess).Take(Judged).Max(),
                ["constant_timestep_over_own"] = misled / own,
            },
            Enumerable.Range(0, Buckets).SelectMany(bucket => new[] { (Name("mse", bucket), found[bucket]), (Name("wiener", bucket), linear[bucket]) })
                .ToDictionary(pair => pair.Item1, pair => pair.Item2),
            (int)scored.shape[0]);
    }

    // Timesteps are met equally often, but for those of a last round.
    double Mean(double[] ofBuckets) => ofBuckets.Zip(Counts(), (error, count) => error * count).Sum() / scored.shape[0];

    int[] Counts()
    {
        var counts = new int[Buckets];
        for (var i = 0; i < scored.shape[0]; i++) counts[Bucket(Timestep(i))]++;
        return counts;
    }

    Errors Trivial()
    {
        var (sums, zero) = (new double[Buckets], 0.0);
        foreach (var (start, count) in Batches())
        {
            using var scope = NewDisposeScope();
            var (t, shown) = Shown(start, count);
            var squares = wiener.Value.Errors(schedule, scored.narrow(0, start, count), t, shown.Noise).data<double>().ToArray();
            foreach (var (i, square) in squares.Index()) sums[Bucket(t[i])] += square;
            zero += Squares(zeros_like(shown.Noise), shown.Noise).Sum();
        }
        return new([.. sums.Zip(Counts(), (sum, count) => sum / count)], zero / scored.shape[0]);
    }

    IEnumerable<(int Start, int Count)> Batches()
    {
        var count = (int)scored.shape[0];
        for (var start = 0; start < count; start += Batch) yield return (start, Math.Min(Batch, count - start));
    }

    (int[] T, Noised Shown) Shown(int start, int count)
    {
        int[] t = [.. Enumerable.Range(start, count).Select(Timestep)];
        return (t, Noised.Of(schedule, scored.narrow(0, start, count), t, Seed + (ulong)start));
    }

    int Timestep(int image) => (int)((long)image * Stride % schedule.Timesteps);

    int Bucket(int t) => t * Buckets / schedule.Timesteps;

    string Name(string what, int bucket)
    {
        var width = schedule.Timesteps / Buckets;
        return $"{what} t {bucket * width}-{(bucket + 1) * width - 1}";
    }

    // The mean of each image.
    static double[] Squares(Tensor prediction, Tensor noise) =>
        [.. (prediction - noise).square().flatten(1).mean([1], type: float64).data<double>()];

    public void Dispose()
    {
        if (wiener.IsValueCreated) wiener.Value.Dispose();
    }
}

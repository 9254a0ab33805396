using System.Collections;
using MlPerfEdu.Engine.Inference;
using MlPerfEdu.Roofline.Detect;
using MlPerfEdu.Workloads.Cloud.MicroDlrm;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Cloud.MicroDlrmDram;

/// <summary>Will this person like this movie? As micro-dlrm-train, from one table that no cache holds.</summary>
[Workload("micro-dlrm-dram-train")]
public sealed class MicroDlrmDramWorkload : ITrainingWorkload, ITrainedByTheBook
{
    readonly WorkloadEntry entry;
    readonly RatingsDataSet ratings;
    readonly RatingFeatures features;
    readonly Lazy<TouchedRows> touched;

    public MicroDlrmDramWorkload(WorkloadSetup setup)
    {
        (entry, Recipe) = (setup.Entry, setup.Recipe);
        Geometry = DramGeometry.From(entry.Geometry);
        ratings = setup.Load<RatingsDataSet>();
        features = new RatingFeatures(ratings);
        Inputs = AlignedTensor.Of(features.Train, ratings.Train.Count, RatingFeatures.Width);
        Targets = tensor(ratings.Train.Select(rating => rating.IsLike ? 1f : 0f).ToArray());
        Liked = [.. ratings.Validation.Select(rating => rating.IsLike ? 1L : 0L)];
        touched = new(() => TouchedRows.Of(features.Train, Geometry, Batch));
    }

    public Provenance Data => ratings.Provenance;

    public int Batch => Recipe.Batch;

    public int TrainingSamples => ratings.Train.Count;

    public int EvaluationSamples => ratings.Validation.Count;

    /// <summary>The table's numbers, which nobody has to build to count them, and those of the networks.</summary>
    public long Parameters
    {
        get
        {
            using var networks = new DramNetworks(Geometry);
            return Geometry.TableNumbers + networks.parameters().Sum(parameter => parameter.numel());
        }
    }

    internal DramGeometry Geometry { get; }

    internal Recipe Recipe { get; }

    // [N, 3 + 16]: ids, which are whole numbers that a float holds exactly, and dense numbers
    internal Tensor Inputs { get; }

    // [N]: 1 for a like
    internal Tensor Targets { get; }

    internal long[] Liked { get; }

    internal TouchedRows Touched => touched.Value;

    public ITrainingRun Begin(int seed) => new DramRun(this, Batch, seed);

    public IRunningStep Prepare(int batch) => new DramRun(this, batch, seed: 0);

    public ITrainingRun BeginByTheBook(int seed) => new DramBook(this, Batch, seed);

    public IBookStep PrepareByTheBook(int batch) => new DramBook(this, batch, seed: 0);

    /// <summary>The rate of the table follows the schedule of the networks'.</summary>
    internal double TableRate(double learningRate) => Geometry.TableLearningRate * learningRate / Recipe.LearningRate;

    /// <param name="looked">The sums of the bags of all scored ratings, [N, bags · width].</param>
    internal Scores Score(DramNetworks networks, Func<float[], Tensor> looked, IReadOnlyDictionary<string, double> measured)
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        var samples = AlignedTensor.Of(features.Validation, EvaluationSamples, RatingFeatures.Width);
        var dense = samples.narrow(1, RatingFeatures.Ids, RatingFeatures.Dense);
        var guesses = networks.call(looked(features.Validation), dense).gt(0).to_type(ScalarType.Int64).data<long>().ToArray();
        var recall = Metrics.Recall(guesses, Liked, 2);
        var metrics = new Dictionary<string, double>(measured) { ["accuracy"] = Metrics.Accuracy(guesses, Liked) };
        return new Scores(metrics, new Dictionary<string, double> { ["recall other"] = recall[0], ["recall like"] = recall[1] }, guesses.Length);
    }

    public IReadOnlyDictionary<string, double> TrivialAnswers => features.TrivialAnswers;

    internal StepCount Count(int batch) => FusedStep.Count(ModuleCounter.Count(batch, counter =>
    {
        using var networks = counter.Watch(new DramNetworks(Geometry));
        var bags = zeros(batch, DramGeometry.Bags * Geometry.Width, requires_grad: true);
        var unique = TouchedRows.Of(features.Train, Geometry, batch).OfStep;
        counter.SparseBags("table", new EmbeddingShape(Geometry.Rows, Geometry.Width, (long)batch * Geometry.Lookups, unique), DramGeometry.Bags * batch);
        F.binary_cross_entropy_with_logits(networks.call(bags, zeros(batch, Geometry.BottomWidths[0])), zeros(batch));
        counter.ClipGradientNorm(UpdateStyle.Flat);
        counter.AdamW(UpdateStyle.Flat);
        counter.SparseSgd();
    }));

    public IReadOnlyList<Invariant> CheckInvariants()
    {
        var inputs = new RatingFeatures(ratings.WithFlippedValidation());
        var untouched = inputs.Train.AsSpan().SequenceEqual(features.Train) && inputs.Validation.AsSpan().SequenceEqual(features.Validation);
        var cache = Roofline.Detect.Machine.Facts().LastLevelCacheBytes;
        var (built, counted, rowBytes) = (Parameters, Count(1).Parameters, sizeof(float) * Geometry.Width);
        return
        [
            new("parameters match workloads.yaml", built == entry.Params, $"{built} built, {entry.Params} declared"),
            new("parameters match the layer count", built == counted, $"{built} built, {counted} counted"),
            new("no input depends on a label that is scored", untouched,
                untouched ? "flipping every such label changes nothing" : "flipping such labels changes inputs"),
            new("both kinds are evaluated", Liked.Contains(0) && Liked.Contains(1), $"{Liked.Sum()} likes among {Liked.Length}"),
            new("the rows of a step are more than four last-level caches", cache is null || Touched.OfStep * rowBytes > 4 * cache,
                FormattableString.Invariant($"{Touched.OfStep} different rows, {Touched.OfStep * rowBytes / 1e6:0} MB")),
            new("a pass over the training data touches most of the table", Touched.OfPass > Geometry.Rows / 2,
                $"{Touched.OfPass} of {Geometry.Rows} rows"),
        ];
    }

    public void Dispose()
    {
        Inputs.Dispose();
        Targets.Dispose();
    }
}

/// <summary>Different rows that a batch looks up, and that a pass over all training data does.</summary>
sealed record TouchedRows(long OfStep, long OfPass)
{
    public static TouchedRows Of(float[] samples, DramGeometry geometry, int batch)
    {
        var ids = new int[geometry.Lookups];
        var seen = new BitArray(geometry.Rows);
        var (rows, ofStep) = (0L, 0L);
        for (var i = 0; i < samples.Length / RatingFeatures.Width; i++)
        {
            HashedIds.Of(samples.AsSpan(i * RatingFeatures.Width, RatingFeatures.Width), geometry.Rows, ids);
            foreach (var id in ids)
            {
                if (seen[id]) continue;
                seen[id] = true;
                rows++;
            }
            if (i + 1 == batch) ofStep = rows;
        }
        return new(ofStep, rows);
    }
}

/// <summary>The training from one seed.</summary>
sealed unsafe class DramRun : ITrainingRun, IRunningStep
{
    readonly MicroDlrmDramWorkload workload;
    readonly DramNetworks networks;
    readonly HashedTable table;
    readonly FusedDram fused;
    readonly FlatAdamW optimizer;
    readonly BatchOrder order;
    Dictionary<string, double>? rates;

    public DramRun(MicroDlrmDramWorkload workload, int batch, int seed)
    {
        this.workload = workload;
        random.manual_seed(seed);
        networks = new DramNetworks(workload.Geometry);
        table = new HashedTable(workload.Geometry.Rows, workload.Geometry.Width, seed);
        fused = new FusedDram(networks, table, workload.Geometry, workload.Inputs, workload.Targets, batch);
        optimizer = FlatAdamW.Of(networks.parameters(), workload.Recipe, fused.Gradients);
        order = new BatchOrder((int)workload.Inputs.shape[0], batch, (ulong)seed);
        Count = workload.Count(batch);
    }

    public StepCount Count { get; }

    public float Step(double learningRate)
    {
        optimizer.LearningRate = learningRate;
        var loss = fused.Step(order.Next(), workload.TableRate(learningRate));
        optimizer.Step();
        return loss;
    }

    void IRunningStep.Step() => Step(workload.Recipe.LearningRate);

    public Scores Evaluate(CancellationToken stop) => workload.Score(networks, Looked, Measured());

    Tensor Looked(float[] samples)
    {
        var (geometry, count) = (workload.Geometry, samples.Length / RatingFeatures.Width);
        var bags = empty(count, DramGeometry.Bags * geometry.Width);
        var ids = new int[count * geometry.Lookups];
        for (var i = 0; i < count; i++)
        {
            var first = i * geometry.Lookups;
            var to = NativeFloats.Of(bags) + (nint)i * DramGeometry.Bags * geometry.Width;
            HashedIds.Of(samples.AsSpan(i * RatingFeatures.Width, RatingFeatures.Width), geometry.Rows, ids.AsSpan(first, geometry.Lookups));
            RowKernels.Sum(table, ids, first, first + geometry.Lookups, geometry.Lookups, to);
        }
        return bags;
    }

    // What memory gives is measured once; what the steps got of it grows more certain.
    Dictionary<string, double> Measured()
    {
        var geometry = workload.Geometry;
        rates ??= new Dictionary<string, double>
        {
            ["random_row_gb_per_s"] = TableRates.Random(table) / 1e9,
            ["stream_gb_per_s"] = TableRates.Streamed(table) / 1e9,
            ["rows_per_step"] = (double)workload.Batch * geometry.Lookups,
            ["unique_rows_per_step"] = workload.Touched.OfStep,
            ["unique_rows_per_epoch"] = workload.Touched.OfPass,
            // Read in the forward pass, read and written by the update.
            ["cache_lines_per_step"] = 3.0 * workload.Batch * geometry.Lookups * geometry.Width / NativeFloats.Line,
        };
        var (seconds, steps) = fused.Gathered;
        rates["gather_gb_per_s"] = (double)steps * workload.Batch * geometry.Lookups * geometry.Width * sizeof(float) / seconds / 1e9;
        rates["gather_over_random"] = rates["gather_gb_per_s"] / rates["random_row_gb_per_s"];
        return rates;
    }

    public void Dispose()
    {
        optimizer.Dispose();
        fused.Dispose();
        networks.Dispose();
        table.Dispose();
    }
}

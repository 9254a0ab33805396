using System.Buffers.Binary;
using System.Diagnostics;
using System.Security.Cryptography;
using MlPerfEdu.Engine.Distributed;
using MlPerfEdu.Engine.Inference;
using MlPerfEdu.Engine.Running;
using MlPerfEdu.Workloads.Cloud.MicroDlrm;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;
using static TorchSharp.torch;

namespace MlPerfEdu.Workloads.Cloud.MicroDlrmDistributed;

/// <summary>What one rank does: timed steps, a check of the first and the last, then exchanges alone.</summary>
sealed class RankMeasurement(Geometry geometry, IProcessGroup group)
{
    // The first exchanges of a size open buffers.
    const int WarmUps = 3;

    public IReadOnlyList<MeasuredPoint> Take(int steps, IRunProgress progress, CancellationToken stop)
    {
        using var replica = new DlrmReplica(geometry, group);
        var points = Train(replica, steps, progress, stop);
        long[] sizes = [replica.Parameters * sizeof(float), .. geometry.Ints("exchanged_kb").Select(kilobytes => kilobytes * 1024L)];
        foreach (var bytes in sizes)
        {
            progress.Report("exchanging", (double)Array.IndexOf(sizes, bytes) / sizes.Length, $"{bytes} bytes");
            points.Add(Point(RankPoints.Exchange, "seconds", TimeExchanges(bytes, stop), bytes));
        }

        return points;
    }

    List<MeasuredPoint> Train(DlrmReplica replica, int steps, IRunProgress progress, CancellationToken stop)
    {
        var (seconds, losses) = (new List<double>(steps), new List<double>(steps));
        var (differences, largest) = (new List<double>(), new List<double>());
        for (var step = 0; step < steps; step++)
        {
            stop.ThrowIfCancellationRequested();
            if (step == 0 || step == steps - 1)
            {
                var (difference, size) = Check(replica);
                differences.Add(difference);
                largest.Add(size);
            }

            replica.NextBatch();
            var began = Stopwatch.GetTimestamp();
            losses.Add(replica.Backward());
            replica.Update();
            seconds.Add(Stopwatch.GetElapsedTime(began).TotalSeconds);
            progress.Report("training", (step + 1.0) / steps, $"step {step + 1} of {steps}, loss {losses[^1]:0.0000}");
        }

        return
        [
            Point(RankPoints.Step, "seconds", seconds),
            Point(RankPoints.Loss, "nats", losses),
            Point(RankPoints.Difference, "largest absolute", differences),
            Point(RankPoints.Largest, "largest absolute", largest),
            Point(RankPoints.Digest, "bits", [replica.Digest()]),
        ];
    }

    // On a batch of its own, which updates nothing.
    static (double Difference, double Largest) Check(DlrmReplica replica)
    {
        replica.NextBatch();
        replica.Backward();
        return replica.CompareWithOneProcess();
    }

    List<double> TimeExchanges(long bytes, CancellationToken stop)
    {
        using var buffer = ones(bytes / sizeof(float));
        var seconds = new List<double>();
        for (var exchange = -WarmUps; exchange < geometry.Int("exchanges"); exchange++)
        {
            stop.ThrowIfCancellationRequested();
            // Without a barrier, a rank that arrives early would time its wait for the others.
            group.Barrier();
            var began = Stopwatch.GetTimestamp();
            group.Sum(buffer);
            if (exchange >= 0)
                seconds.Add(Stopwatch.GetElapsedTime(began).TotalSeconds);
        }

        return seconds;
    }

    MeasuredPoint Point(string name, string unit, IReadOnlyList<double> samples, long? bytes = null)
    {
        var at = new Dictionary<string, double>(StringComparer.Ordinal) { [RankPoints.Ranks] = group.Size, [RankPoints.Rank] = group.Rank };
        if (bytes is { } size)
            at[RankPoints.Bytes] = size;
        return new(name, at, unit, samples);
    }
}

/// <summary>One rank's copy of the model, which sees its part of every batch (data parallelism, as Li et al., 2020).</summary>
sealed class DlrmReplica : IDisposable
{
    const string DataSet = "synthetic-ratings";
    const ulong OrderSeed = 1;

    readonly IProcessGroup group;
    readonly int batch;
    readonly Tensor inputs, targets;
    readonly MicroDlrmModel model;
    readonly List<Parameter> parameters;
    readonly GradientExchange exchange;
    readonly FlatAdamW optimizer;
    readonly BatchOrder order;
    long[] globalBatch = [];

    public DlrmReplica(Geometry geometry, IProcessGroup group)
    {
        this.group = group;
        batch = geometry.Int("batch");
        var ratings = SyntheticRatings.Load(DataStore.Open().Resolve(DataSet).OrThrow());
        inputs = AlignedTensor.Of(new RatingFeatures(ratings).Train, ratings.Train.Count, RatingFeatures.Width);
        targets = tensor(ratings.Train.Select(rating => rating.IsLike ? 1f : 0f).ToArray());
        // Ranks begin apart, as processes do, and go on from what rank 0 drew.
        random.manual_seed(group.Rank);
        model = new MicroDlrmModel(geometry.Ints("tables"), geometry.Int("width"), geometry.Ints("bottom"), geometry.Ints("top"));
        parameters = [.. model.parameters()];
        exchange = new GradientExchange(parameters, group);
        exchange.ShareValues(root: 0);
        optimizer = new FlatAdamW(
            parameters, geometry.Pair("betas"), geometry.Number("epsilon"), geometry.NumberOrZero("weight_decay"), geometry.NumberOrZero("clip_norm"))
        {
            LearningRate = geometry.Number("learning_rate"),
        };
        order = new BatchOrder(ratings.Train.Count, batch * group.Size, OrderSeed);
    }

    public long Parameters => parameters.Sum(parameter => parameter.numel());

    /// <summary>Every rank draws the same batch of all, and takes its part.</summary>
    public void NextBatch() => globalBatch = order.Next().ToArray();

    /// <summary>The loss of this rank's part, whose gradients are averaged over all ranks.</summary>
    public float Backward()
    {
        var loss = Backward(globalBatch.AsSpan(group.Rank * batch, batch).ToArray());
        exchange.Average();
        return loss;
    }

    /// <summary>How far the averaged gradients lie from those of one process on the whole batch, and the largest of the latter.</summary>
    public (double Difference, double Largest) CompareWithOneProcess()
    {
        using var scope = NewDisposeScope();
        var averaged = exchange.Gather();
        ForgetGradients();
        Backward(globalBatch);
        var alone = exchange.Gather();
        ForgetGradients();
        return ((averaged - alone).abs().max().item<float>(), alone.abs().max().item<float>());
    }

    public void Update() => optimizer.Step();

    /// <summary>The first bits of a digest of all parameters, as many as a double holds exactly.</summary>
    public double Digest()
    {
        using var scope = NewDisposeScope();
        var bytes = cat([.. parameters.Select(parameter => parameter.detach().flatten())]).bytes;
        return BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(bytes)) >> 12;
    }

    public void Dispose()
    {
        optimizer.Dispose();
        model.Dispose();
        inputs.Dispose();
        targets.Dispose();
    }

    float Backward(long[] rows)
    {
        using var scope = NewDisposeScope();
        var positions = tensor(rows);
        // [B]
        var logits = model.forward(inputs.index_select(0, positions));
        var loss = functional.binary_cross_entropy_with_logits(logits, targets.index_select(0, positions));
        loss.backward();
        return loss.item<float>();
    }

    void ForgetGradients()
    {
        foreach (var parameter in parameters) parameter.grad = null;
    }
}

using System.Diagnostics;
using MlPerfEdu.Catalog;
using MlPerfEdu.Engine;
using MlPerfEdu.Engine.Distributed;
using MlPerfEdu.Roofline.Evidence;
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
            // Whoever comes early would time its wait for the others.
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

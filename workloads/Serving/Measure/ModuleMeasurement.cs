using System.Diagnostics;
using System.Globalization;
using MlPerfEdu.Catalog;
using MlPerfEdu.Roofline.Detect;
using MlPerfEdu.Roofline.Peaks;
using ThreadTeam = MlPerfEdu.Roofline.Peaks.ThreadTeam;

namespace MlPerfEdu.Serving.Measure;

/// <summary>The rows of a module under measurement. Samples come in rounds with time between them, so that a few slow seconds do not decide a
/// row.</summary>
public sealed class ModuleMeasurement
{
    readonly OriginalProcess? original;
    readonly CancellationToken stop;
    readonly List<(KernelRow Row, Kernel Kernel, LatencySamples Samples, List<double> Here)> rows;

    // original: run in turn with each round; stop: checked before each row
    public ModuleMeasurement(KernelModule module, LatencyMeter meter, OriginalProcess? original = null, CancellationToken stop = default)
    {
        (Module, this.original, this.stop) = (module, original, stop);
        var kernels = KernelRegistry.Open(module.Id).Kernels().ToDictionary(kernel => kernel.Operation);
        rows = [.. module.Rows.Select(row => (row, kernels[row.Operation], Start(kernels[row.Operation]), new List<double>()))];

        LatencySamples Start(Kernel kernel)
        {
            stop.ThrowIfCancellationRequested();
            return meter.Start(kernel);
        }
    }

    public KernelModule Module { get; }
    /// <summary>In the order of serving.yaml.</summary>
    public IReadOnlyList<MeasuredRow> Rows => [.. rows.Select(row => new MeasuredRow(row.Row, row.Kernel, row.Samples.Latency, row.Here))];

    /// <summary>Samples every row once more.</summary>
    public void AddRound()
    {
        foreach (var (row, _, samples, here) in rows)
        {
            stop.ThrowIfCancellationRequested();
            if (original?.Seconds(Module.Id, row.Operation) is { } seconds)
                here.Add(seconds);
            samples.Add();
        }
    }
}

/// <param name="OriginalHere">Seconds of the original on this machine, one per run; empty where it was not run.</param>
public sealed record MeasuredRow(KernelRow Row, Kernel Kernel, Latency Latency, IReadOnlyList<double> OriginalHere)
{
    /// <summary>Speedup over the original's table.</summary>
    public double? Ratio => Row.OriginalMicroseconds / (Latency.Median * 1e6);
}

/// <summary>A process of original.py, which computes rows as the original does, on this machine.</summary>
public sealed class OriginalProcess : IDisposable
{
    // NumPy's threads spin for a moment, and would slow down the next call.
    static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(50);

    readonly Process process;

    OriginalProcess(Process process) => this.process = process;

    /// <returns>Absent when the interpreter cannot be started.</returns>
    public static OriginalProcess? Start(string python, string script)
    {
        var start = new ProcessStartInfo(python, [script]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["OPENBLAS_NUM_THREADS"] = start.Environment["OMP_NUM_THREADS"] = "1";
        try
        {
            return Process.Start(start) is { } process ? new(process) : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    /// <summary>Seconds of a call; absent when the script does not have the row, or has ended.</summary>
    public double? Seconds(string module, string operation)
    {
        if (process.HasExited)
            return null;
        process.StandardInput.WriteLine($"{module} {operation}");
        process.StandardInput.Flush();
        var answer = process.StandardOutput.ReadLine();
        Thread.Sleep(Settle);
        return double.TryParse(answer, CultureInfo.InvariantCulture, out var seconds) ? seconds : null;
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
    }
}

/// <summary>Roofs of one thread in the same run: multiply-adds in registers, and the better of reading and copying per memory level.</summary>
public sealed record Roofs(double FlopsPerSecond, IReadOnlyList<LevelRoof> Levels)
{
    const double SampleSeconds = 0.01;
    const int Repeats = 5;

    public static Roofs Measure(MachineFacts facts)
    {
        using var team = new ThreadTeam(1);
        var fma = FmaKernel.Widths.Max(width => Best(new FmaProbe(team, width, SampleSeconds).FlopsPerSecond));
        return new(fma,
        [
            .. Private(team, facts, MemoryLevels.L1, 1), .. Private(team, facts, MemoryLevels.L2, 2),
            Level(team, MemoryLevels.LastLevelCache, WorkingSets.LastLevelCache(facts)),
        ]);
    }

    /// <summary>The higher of each, of two measurements on one machine.</summary>
    public Roofs Or(Roofs other) => new(Math.Max(FlopsPerSecond, other.FlopsPerSecond),
        [.. Levels.Zip(other.Levels, (one, another) => one.BytesPerSecond >= another.BytesPerSecond ? one : another)]);

    /// <summary>The larger share of the two roofs; absent where nothing is countable.</summary>
    public double? ShareOf(double? flops, double? bytes, double seconds) => flops is null && bytes is null ? null : Math.Max(
        (flops ?? 0) / seconds / FlopsPerSecond,
        (bytes ?? 0) / seconds / (Levels.FirstOrDefault(level => bytes <= level.Bytes) ?? Levels[^1]).BytesPerSecond);

    static IEnumerable<LevelRoof> Private(ThreadTeam team, MachineFacts facts, string name, int level)
    {
        if (WorkingSets.Private(facts, level, 1) is { } bytes)
            yield return Level(team, name, bytes);
    }

    // A probe streams over half of a level; a row may fill it.
    static LevelRoof Level(ThreadTeam team, string name, long bytes)
    {
        var probe = new BandwidthProbe(team, bytes, SampleSeconds);
        var best = new[] { PeakKind.Read, PeakKind.Copy }.Max(kind => Best(() => probe.BytesPerSecond(kind)));
        return new(name, 2 * bytes, best);
    }

    static double Best(Func<double> sample) => Enumerable.Range(0, Repeats).Max(_ => sample());
}

public sealed record LevelRoof(string Name, long Bytes, double BytesPerSecond);

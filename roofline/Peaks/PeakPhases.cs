using System.Diagnostics;

namespace MlPerfEdu.Roofline.Peaks;

/// <summary>Runs the parts of a measurement one after the other, tells how far it is, and keeps how long each took.</summary>
sealed class PeakPhases(Action<PeakProgress>? progress)
{
    readonly List<PeakPhase> done = [];
    double before;

    public IReadOnlyList<PeakPhase> Done => done;

    /// <param name="share">Of the whole time, as expected.</param>
    public IReadOnlyList<T> Run<T>(string name, double share, Func<Action<double>, IEnumerable<T>> run)
    {
        var start = Stopwatch.GetTimestamp();
        Tell(0);
        T[] results = [.. run(Tell)];
        before += share;
        done.Add(new PeakPhase(name, Math.Round(Stopwatch.GetElapsedTime(start).TotalSeconds, 3)));
        return results;

        void Tell(double part) => progress?.Invoke(new PeakProgress(name, before + share * part));
    }
}

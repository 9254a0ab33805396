namespace MlPerfEdu.Roofline.Peaks;

/// <summary>One probe, not yet repeated.</summary>
sealed record PeakTask(PeakKind Kind, string Level, int Threads, long Size, string Unit, string Convention, Func<double> Sample)
{
    public const int Discarded = 1;
    public const int Repeats = 9;

    /// <summary>All tasks once, then all again: each sees the same moments of the machine.</summary>
    /// <param name="before">Runs before every round.</param>
    public static IEnumerable<PeakSeries> InTurn(IReadOnlyList<PeakTask> tasks, Action<double> progress, Action? before = null)
    {
        var samples = tasks.Select(_ => new List<double>()).ToArray();
        for (var round = 0; round < Discarded + Repeats; round++)
        {
            progress((double)round / (Discarded + Repeats));
            before?.Invoke();
            for (var task = 0; task < tasks.Count; task++)
            {
                var sample = tasks[task].Sample();
                if (round >= Discarded)
                    samples[task].Add(sample);
            }
        }

        return tasks.Select((task, index) => task.Of(samples[index]));
    }

    public PeakSeries Of(IReadOnlyList<double> samples) => new(Kind, Level, Threads, Size, Unit, Convention, samples);
}

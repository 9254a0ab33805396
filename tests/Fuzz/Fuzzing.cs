using System.Collections.Concurrent;
using System.Diagnostics;

namespace MlPerfEdu.Fuzz;

/// <summary>One check on many damaged inputs, numbered so that a number does the same damage every time. MLPERFEDU_FUZZ=10000 tries so many instead of the usual few.</summary>
static class Fuzzing
{
    // Far less than a main thread has.
    const int SmallStack = 192 * 1024;

    // Reading takes milliseconds. Only against a test that never ends.
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public static int Cases(int usual) => int.TryParse(Environment.GetEnvironmentVariable("MLPERFEDU_FUZZ"), out var cases) ? cases : usual;

    /// <param name="check">Throws where case number so-and-so fails.</param>
    public static void Try(int usual, ITestOutputHelper output, Action<int> check)
    {
        var (cases, failures, times) = (Cases(usual), new ConcurrentQueue<string>(), new ConcurrentDictionary<int, double>());
        Parallel.For(0, cases, number =>
        {
            var began = Stopwatch.GetTimestamp();
            if (OnThread(0, () => check(number)) is { } found)
                failures.Enqueue($"case {number}: {found}");
            times[number] = Stopwatch.GetElapsedTime(began).TotalSeconds;
        });
        var slowest = times.MaxBy(time => time.Value);
        output.WriteLine($"{cases} cases, {failures.Count} failed; the slowest, number {slowest.Key}, took {slowest.Value:0.0} s");
        Assert.True(failures.IsEmpty, string.Join("\n\n", failures.Take(5)));
    }

    /// <summary>Reading must not recurse with its input.</summary>
    public static T OnSmallStack<T>(Func<T> read)
    {
        T? result = default;
        return OnThread(SmallStack, () => result = read()) is { } found ? throw found : result!;
    }

    static Exception? OnThread(int stack, Action work)
    {
        Exception? thrown = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    work();
                }
                catch (Exception error)
                {
                    thrown = error;
                }
            },
            stack) { IsBackground = true };
        thread.Start();
        return thread.Join(Patience) ? thrown : new TimeoutException("goes on for minutes");
    }
}

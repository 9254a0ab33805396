using System.Globalization;
using MlPerfEdu.Engine.LoadGen;

namespace MlPerfEdu.Cli.Commands;

/// <summary>What `run` asks of a model under load besides a run: `--find-peak` and `--accuracy`.</summary>
sealed class ServingTrial(Invocation invocation, InferenceEntry entry, RunOptions options)
{
    /// <summary>Writes the answer to every sample.</summary>
    public ExitCode WriteAnswers(string folder)
    {
        var ask = invocation.Services.Answerer(invocation.Repository, invocation.Catalog);
        var text = invocation.Track(entry.Id, progress => ask(entry, options, progress, invocation.Stop));
        var path = Path.Combine(folder, AccuracyLog.File);
        AtomicFile.Write(path, Encoding.UTF8.GetBytes(text));
        invocation.Answer(new { Workload = entry.Id, File = path, Passed = true }, screen => screen.Line($"Answers, unverified: {path}"));
        return ExitCode.Ok;
    }

    /// <summary>Shows the rates that were tried, and the largest that held.</summary>
    public ExitCode FindPeak()
    {
        var find = invocation.Services.PeakFinder(invocation.Repository, invocation.Catalog);
        var found = invocation.Track(entry.Id, progress => find(entry, options, progress, invocation.Stop));
        // Whoever wants to rely on a peak wants a rate below it to hold.
        var passed = found.Peak is not null && found.Below?.Holds != false;
        invocation.Answer(
            new { Workload = entry.Id, found.Peak, found.Tried, found.Below, found.Above, Passed = passed },
            screen => Draw(screen, found));
        return passed ? ExitCode.Ok : ExitCode.Failed;
    }

    void Draw(Screen screen, PeakRate found)
    {
        List<(string Name, TriedRate Tried)> rows = [.. found.Tried.Select(tried => ("", tried))];
        if (found.Below is { } below)
            rows.Add(("80 % of the peak", below));
        if (found.Above is { } above)
            rows.Add(("120 % of the peak", above));
        screen.Table(
            ["", ">queries/s", "holds", ">answered/s", "found"], rows,
            row =>
            [
                row.Name, Number(row.Tried.Rate), row.Tried.Holds ? new("yes", Tone.Good) : new("no", Tone.Bad), Number(row.Tried.Completed), row.Tried.Why,
            ]);
        if (found.Peak is not { } peak)
            screen.Line($"No peak: {Number(found.Tried[0].Rate)} queries per second are too many already. Begin lower, with --qps N.", Tone.Bad);
        else if (found.Tried[^1].Rate == peak && found.Below is null)
            screen.Line($"No rate was too high, up to {Number(peak)} queries per second.", Tone.Warning);
        else
            screen.Line($"Peak of {entry.Id}: {Number(peak)} queries per second within its bound.", Tone.Good);
    }

    static string Number(double rate) => rate.ToString("0.###", CultureInfo.InvariantCulture);
}

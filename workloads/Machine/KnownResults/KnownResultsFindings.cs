using System.Globalization;
using MlPerfEdu.Roofline;
using MlPerfEdu.Roofline.Compare;
using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Roofline.Report;
using MlPerfEdu.Workloads.Experiments;

namespace MlPerfEdu.Workloads.Machine.KnownResults;

/// <summary>Holds what was found against what is known.</summary>
static class KnownResultsFindings
{
    public static Findings Of(IReadOnlyList<KnownResult> table, IReadOnlyList<MeasuredPoint> points)
    {
        var asked = table
            .Where(known => known.Expectation != Expectation.Informational)
            .Select(known => (Known: known, Error: ErrorOf(known, points)))
            .ToList();
        var metrics = new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["checked"] = asked.Count,
            ["flipped"] = asked.Count(row => row.Known.Flips(row.Error)),
        };
        foreach (var (known, error) in asked) metrics[known.Metric] = error;

        var full = new TextTable(3, "check", "expectation", "verdict", "error", "tolerance");
        var portable = new TextTable(4, "check", "expectation", "verdict", "reason", "tolerance");
        foreach (var (known, error) in asked)
        {
            var verdict = known.Flips(error) ? "FLIPPED" : "as expected";
            full.Row(known.Name, Text(known.Expectation), verdict, Text(error), Text(known.Tolerance!.Value));
            portable.Row(known.Name, Text(known.Expectation), verdict, known.Reason, Text(known.Tolerance!.Value));
        }

        foreach (var known in table.Where(known => known.Expectation == Expectation.Informational))
            portable.Row(known.Name, Text(known.Expectation), "", known.Reason, "");
        return new Findings(
            metrics, [new("What is known, and what was found", full), Informed(table, points), new("Why", portable)],
            $"known-results\n\n{portable}")
        {
            Compared = [.. asked.Select(row => Compared(row.Known, row.Error))],
        };
    }

    static KnownFinding Compared(KnownResult known, double error) => new(
        known.Name, !known.Flips(error), error,
        $"error {Text(error)} {(known.Expectation == Expectation.Pass ? "to pass" : "to fail")} {Text(known.Tolerance!.Value)}");

    // One that was not measured is no number, and flips.
    static double ErrorOf(KnownResult known, IReadOnlyList<MeasuredPoint> points) =>
        points.SingleOrDefault(point => point.Name == known.Name)?.Samples[0] ?? double.NaN;

    static TitledTable Informed(IReadOnlyList<KnownResult> table, IReadOnlyList<MeasuredPoint> points)
    {
        var informed = new TextTable(3, "for information", "setting", "found", "of the fastest");
        foreach (var known in table.Where(known => known.Expectation == Expectation.Informational))
        {
            var found = points.Where(point => point.Name == known.Name).ToList();
            if (found.Count == 0)
                informed.Row(known.Name, "", "unavailable: this system cannot say", "");
            foreach (var point in found)
            {
                if (point.Unit != "seconds")
                    informed.Row(known.Name, "", HardwareCounters.Say(point), "");
                else
                    informed.Row(
                        known.Name, Setting(point), Units.Seconds(Statistics.Median(point.Samples)), Units.Ratio(Relative(point, found)));
            }
        }

        return new("Medians of what is only worth knowing", informed);
    }

    static double Relative(MeasuredPoint point, IEnumerable<MeasuredPoint> all) =>
        Statistics.Median(point.Samples) / all.Min(other => Statistics.Median(other.Samples));

    static string Setting(MeasuredPoint point) => string.Join(", ", point.At.Select(pair => $"{pair.Key} {pair.Value}"));

    static string Text(Expectation expectation) => expectation switch
    {
        Expectation.Pass => "pass",
        Expectation.ExpectedFail => "expected fail",
        _ => "informational",
    };

    static string Text(double value) => value.ToString("0.0e+0", CultureInfo.InvariantCulture);
}

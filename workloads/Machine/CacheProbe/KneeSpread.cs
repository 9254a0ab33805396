using MlPerfEdu.Roofline;
using MlPerfEdu.Roofline.Classify;
using MlPerfEdu.Roofline.Compare;
using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Roofline.Peaks;
using MlPerfEdu.Roofline.Report;

namespace MlPerfEdu.Workloads.Machine.CacheProbe;

/// <summary>How far the knees, and the speed before them, vary within a run: what another run is held against.</summary>
/// <param name="sums">Seconds per byte, by the size of the set; repeats in the order taken.</param>
sealed class KneeSpread(IReadOnlyList<MeasuredPoint> sums, Func<Interval, string> name)
{
    const int Parts = 3;

    readonly int repeats = sums.Min(point => point.Samples.Count);

    public IReadOnlyList<Finding> Compared(IReadOnlyList<Knee> knees) =>
    [
        .. Knees(knees),
        // Behind the first knee others may use the same cache and memory: how fast they are from run to run is not this machine's alone.
        .. knees.Count == 0 ? [] : new[] { Speed("streaming before the first knee", size => size <= knees[0].Bytes.Low) },
    ];

    // Those of all repeats, and those that only a part of them has: a weak knee may be there or not. A level has one end: where it
    // is lost bit by bit, that slope has one step or several.
    List<KneeFinding> Knees(IReadOnlyList<Knee> knees)
    {
        var ofParts = Enumerable.Range(0, repeats >= Parts ? Parts : 0).Select(OfPart).ToList();
        var found = new List<KneeFinding>();
        foreach (var level in knees.Concat(ofParts.SelectMany(part => part)).GroupBy(knee => name(knee.Bytes)))
        {
            var range = level.Select(knee => knee.Bytes).Aggregate((all, one) => all.Span(one));
            var steady = ofParts.Count == Parts && ofParts.All(part => part.Any(knee => Meet(knee.Bytes, range)));
            found.Add(new(level.Key, range, steady));
        }

        return found;
    }

    IReadOnlyList<Knee> OfPart(int part)
    {
        var within = (part * repeats / Parts)..((part + 1) * repeats / Parts);
        return KneeFinder.Find([.. sums.Select(point => new CapacityPoint(Size(point), Statistics.Median([.. point.Samples.Take(within)])))]);
    }

    TimeFinding Speed(string what, Func<long, bool> within)
    {
        var sizes = sums.Where(point => within(Size(point))).ToList();
        return new(
            what, [.. Enumerable.Range(0, repeats).Select(repeat => new TimedRound([sizes.Average(point => point.Samples[repeat])]))],
            OneThread: true, secondsPerByte => Units.Si(1 / secondsPerByte, "B/s"));
    }

    static bool Meet(Interval one, Interval other) => one.Low <= other.High && other.Low <= one.High;

    static long Size(MeasuredPoint point) => (long)point.At["bytes"];
}

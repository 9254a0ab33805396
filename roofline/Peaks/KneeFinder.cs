namespace MlPerfEdu.Roofline.Peaks;

/// <summary>
/// Finds the plateaus of a capacity trace. Isotonic regression takes the noise out, as a larger set never streams faster; steps smaller
/// than the noise are levelled; what is left that is too short for a plateau is the way down from one to the next.
/// </summary>
public static class KneeFinder
{
    const int LeastPoints = 3;
    // A cache that others use as well is lost bit by bit: such a slope is one knee, not many.
    const double LeastOctaves = 0.8;
    const double LeastDrop = 1.15;
    const double NoiseFactor = 3;

    // Of the median distance from the median, for noise that is normal.
    const double Deviation = 1.4826;

    public static IReadOnlyList<Knee> Find(IReadOnlyList<CapacityPoint> points)
    {
        var ordered = points.OrderBy(point => point.SetBytes).ToArray();
        if (ordered.Length < 2 * LeastPoints)
            return [];
        double[] slowness = [.. ordered.Select(point => Math.Log(point.SecondsPerByte))];
        var smooth = IsotonicRegression.Increasing(slowness);
        var noise = Deviation * Statistics.Median([.. slowness.Zip(smooth, (raw, fit) => Math.Abs(raw - fit))]);
        var plateaus = Levelled(smooth, Math.Max(Math.Log(LeastDrop), NoiseFactor * noise)).Where(IsPlateau).ToList();
        return [.. plateaus.Zip(plateaus.Skip(1), (fast, slow) => new Knee(
            new(ordered[fast.Last].SetBytes, ordered[slow.Start].SetBytes), Math.Exp(-fast.Mean), Math.Exp(-slow.Mean)))];

        bool IsPlateau(Plateau flat) =>
            flat.Count >= LeastPoints && Math.Log2((double)ordered[flat.Last].SetBytes / ordered[flat.Start].SetBytes) >= LeastOctaves;
    }

    // The two neighbours that are nearest become one, until the nearest are further apart than a step.
    static List<Plateau> Levelled(double[] smooth, double leastStep)
    {
        var plateaus = smooth.Select((value, index) => new Plateau(index, 1, value)).ToList();
        while (plateaus.Count > 1)
        {
            var nearest = Enumerable.Range(0, plateaus.Count - 1).MinBy(index => plateaus[index + 1].Mean - plateaus[index].Mean);
            if (plateaus[nearest + 1].Mean - plateaus[nearest].Mean >= leastStep)
                break;
            plateaus[nearest] = plateaus[nearest].With(plateaus[nearest + 1]);
            plateaus.RemoveAt(nearest + 1);
        }

        return plateaus;
    }

    readonly record struct Plateau(int Start, int Count, double Mean)
    {
        public int Last => Start + Count - 1;

        public Plateau With(Plateau next) => new(Start, Count + next.Count, (Mean * Count + next.Mean * next.Count) / (Count + next.Count));
    }
}

using System.Text.Json;
using System.Text.Json.Serialization;

namespace MlPerfEdu.Engine.Mllog;

/// <summary>A reference convergence point in MLCommons' JSON form: how long the reference takes to its target, from each of its seeds.</summary>
public sealed record ReferencePoint
{
    public required string Benchmark { get; init; }

    public required string Creator { get; init; }

    public required string When { get; init; }

    public required string Platform { get; init; }

    public required string Precision { get; init; }

    [JsonPropertyName("BS")]
    public required long Batch { get; init; }

    [JsonPropertyName("Hyperparams")]
    public required IReadOnlyDictionary<string, object> Hyperparameters { get; init; }

    /// <summary>For MLCommons' checker, which wants epochs of a benchmark that it does not know.</summary>
    [JsonPropertyName("Epochs to converge")]
    public required IReadOnlyList<double> Epochs { get; init; }

    [JsonPropertyName("samples to converge")]
    public required IReadOnlyList<long> Samples { get; init; }

    /// <summary>The points of an entry, by data set and division; absent where a reference has no samples to converge.</summary>
    public static IEnumerable<(string DataSet, string Division, ReferencePoint? Point)> Of(WorkloadEntry entry)
    {
        foreach (var choice in entry.Data)
            yield return (choice.Dataset, choice.Recipe.Division, Of(entry, choice.Recipe, choice.Reference));
        if (entry.Closed is { } closed)
            yield return (entry.Data[0].Dataset, closed.Recipe.Division, Of(entry, closed.Recipe, closed.Reference));
    }

    static ReferencePoint? Of(WorkloadEntry entry, Recipe recipe, Reference? reference) => reference is not { Samples: { Count: > 0 } samples }
        ? null
        : new()
        {
            Benchmark = entry.Id,
            Creator = "MlPerfEdu, unverified",
            When = $"seeds {string.Join(", ", reference.Seeds)} of the reference in workloads.yaml",
            Platform = "any: the losses depend on seed and thread count, hardly on the machine",
            Precision = recipe.Precision.Name(),
            Batch = recipe.Batch,
            Hyperparameters = Mllog.Hyperparameters.Of(recipe).Where(pair => pair.Key.StartsWith("opt_", StringComparison.Ordinal)).ToDictionary(pair => pair.Key, pair => pair.Value),
            Epochs = [.. samples.Select(count => (double)count / recipe.Batch / recipe.BatchesPerEpoch)],
            Samples = samples,
        };

    static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>The file of one data set, by the name of each point.</summary>
    public static string Json(params IEnumerable<ReferencePoint> points) =>
        JsonSerializer.Serialize(points.ToDictionary(point => $"{point.Benchmark}_ref_{point.Batch}"), Indented) + "\n";
}

/// <summary>Whether runs converge as their reference does. Slower is their own affair; much faster is suspicious.</summary>
public static class ConvergenceCheck
{
    // MLCommons': one side of a test with pooled variance.
    const double Alpha = 0.05;

    /// <summary>The mean without the fastest and the slowest.</summary>
    public static double OlympicMean(IEnumerable<double> values) => values.Order().Skip(1).SkipLast(1).Average();

    /// <summary>The least mean of a submission that chance allows.</summary>
    /// <param name="reference">Samples to converge of at least four seeds.</param>
    /// <param name="runs">Of the submission.</param>
    public static double LeastMean(IReadOnlyCollection<double> reference, int runs)
    {
        var (mean, average) = (OlympicMean(reference), reference.Average());
        var deviation = Math.Sqrt(reference.Average(value => (value - average) * (value - average)));
        int kept = reference.Count - 2, compared = runs - 2;
        return mean - StudentQuantile(kept + compared - 2) * deviation * Math.Sqrt(1.0 / kept + 1.0 / compared);
    }

    /// <summary>One finding where the runs cannot be judged, or are too fast; none where they are as slow as chance allows.</summary>
    public static LogFinding? Check(PackagedResult result, WorkloadEntry entry)
    {
        var points = ReferencePoint.Of(entry).Where(point => (point.DataSet, point.Division) == (result.DataSet, result.Division)).Select(point => point.Point).OfType<ReferencePoint>();
        // Smaller batches need fewer samples, so a reference of larger ones is the stricter one.
        if (points.Where(point => point.Batch >= result.Batch).MinBy(point => point.Batch) is not { Samples.Count: >= 4 } reference)
            return LogFindings.NoReference(result);
        var missed = result.Convergences.Count(double.IsInfinity);
        if (missed > 1 || result.Convergences.Count < 4)
            return LogFindings.NotConverged(result.Folder, missed);
        double[] expected = [.. reference.Samples.Select(samples => (double)samples)];
        var (found, least) = (OlympicMean(result.Convergences), LeastMean(expected, result.Convergences.Count));
        return found >= least ? null : LogFindings.TooFast(result.Folder, found, least, OlympicMean(expected));
    }

    /// <summary>Student's t that is exceeded with a chance of <see cref="Alpha"/>.</summary>
    static double StudentQuantile(int freedom)
    {
        var (low, high) = (0.0, 1e4);
        while (high - low > 1e-12 * high)
        {
            var middle = (low + high) / 2;
            (low, high) = (1 - Within(middle, freedom)) / 2 > Alpha ? (middle, high) : (low, middle);
        }

        return high;
    }

    /// <summary>The chance that |t| is at most this, for a whole number of degrees of freedom (Abramowitz and Stegun, 26.7.3 and 26.7.4).</summary>
    static double Within(double t, int freedom)
    {
        var angle = Math.Atan(t / Math.Sqrt(freedom));
        var (sine, cosine) = Math.SinCos(angle);
        var odd = freedom % 2 == 1;
        double term = odd ? cosine : 1, sum = freedom == 1 ? 0 : term;
        for (var k = odd ? 3 : 2; k <= freedom - 2; k += 2)
        {
            term *= cosine * cosine * (k - 1) / k;
            sum += term;
        }

        return odd ? 2 / Math.PI * (angle + sine * sum) : sine * sum;
    }
}

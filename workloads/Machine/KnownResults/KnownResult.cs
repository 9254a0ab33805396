using MlPerfEdu.Roofline.Evidence;

namespace MlPerfEdu.Workloads.Machine.KnownResults;

enum Expectation
{
    Pass,
    ExpectedFail,
    Informational,
}

/// <summary>One line of the table.</summary>
/// <param name="Tolerance">An error up to here passes; none for what only informs.</param>
/// <param name="Measure">What evidence keeps: one point with the error, or whatever informs.</param>
sealed record KnownResult(
    string Name, Expectation Expectation, double? Tolerance, string Reason, Func<CheckSizes, string, IReadOnlyList<MeasuredPoint>> Measure)
{
    /// <summary>As YAML spells a metric.</summary>
    public string Metric => Name.Replace('-', '_');

    /// <summary>Whether an error says the opposite of what is known; one that is no number always does.</summary>
    public bool Flips(double error) => Expectation switch
    {
        Expectation.Pass => !(error <= Tolerance),
        Expectation.ExpectedFail => !(error > Tolerance && double.IsFinite(error)),
        _ => false,
    };

    public static KnownResult Passes(string name, double tolerance, Func<CheckSizes, double> error, string reason) =>
        new(name, Expectation.Pass, tolerance, reason, Single(error));

    public static KnownResult Fails(string name, double tolerance, Func<CheckSizes, double> error, string reason) =>
        new(name, Expectation.ExpectedFail, tolerance, reason, Single(error));

    public static KnownResult Informs(string name, Func<CheckSizes, string, IReadOnlyList<MeasuredPoint>> measure, string reason) =>
        new(name, Expectation.Informational, null, reason, measure);

    static Func<CheckSizes, string, IReadOnlyList<MeasuredPoint>> Single(Func<CheckSizes, double> error) =>
        (sizes, name) => [new MeasuredPoint(name, new Dictionary<string, double>(), "error", [error(sizes)])];
}

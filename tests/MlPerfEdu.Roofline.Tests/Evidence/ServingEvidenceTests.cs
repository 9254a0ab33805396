using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Roofline.Load;

namespace MlPerfEdu.Roofline.Tests.Evidence;

/// <summary>What a sidecar says of a run under load follows from the times of the answers.</summary>
public sealed class ServingEvidenceTests : IDisposable
{
    readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_run_under_load_verifies() => Assert.Empty(Findings(Served(Answers)));

    [Fact]
    public void A_training_has_no_trace_of_a_load() =>
        Assert.DoesNotContain("serving", CanonicalJson.Text(Sample.Evidence()), StringComparison.Ordinal);

    [Fact]
    public void An_earlier_schema_still_verifies() =>
        Assert.Empty(Findings(Sample.Evidence() with { Schema = EvidenceRecord.OldestSchema }));

    public static TheoryData<string, Func<EvidenceRecord, EvidenceRecord>> Forgeries => new()
    {
        { "MLP3015", record => record with { Serving = record.Serving! with { Answers = [.. Answers.Skip(1)] } } },
        { "MLP3015", record => record with { Serving = record.Serving! with { Answers = [] } } },
        { "MLP3015", record => record with { Serving = record.Serving! with { Answers = [Answers[0] with { Tokens = [] }] } } },
        { "MLP3015", record => record with { Serving = record.Serving! with { Load = Load with { LatencyBoundSeconds = 1 } } } },
        { "MLP3015", record => record with { Serving = record.Serving! with { Load = Load with { Percentile = 1 } } } },
        { "MLP3015", record => With(record, "latency_p90", 0.001) },
        { "MLP3015", record => record with { Validity = [.. record.Validity.Where(line => line.Constraint != "load: latency")] } },
        { "MLP3012", record => With(record, "worst_recall", 0.99) },
    };

    [Theory]
    [MemberData(nameof(Forgeries))]
    public void A_figure_that_does_not_follow_is_found_even_under_a_good_seal(string code, Func<EvidenceRecord, EvidenceRecord> forge)
    {
        var findings = Findings(forge(Served(Answers)));

        Assert.NotEmpty(findings);
        Assert.All(findings, finding => Assert.Equal(code, finding.Code));
    }

    static readonly LoadSettings Load = new()
    {
        Scenario = LoadScenario.Server,
        Queries = 50,
        Seconds = 0,
        Samples = 10,
        SamplesPerQuery = 1,
        Percentile = 0.9,
        TargetRate = 2,
        LatencyBoundSeconds = 10,
        Seeds = new LoadSeeds(1, 2, ulong.MaxValue),
    };

    const long Second = 1_000_000_000, Late = 1_100_000_000;

    static readonly AnsweredSample[] Answers =
        [.. Enumerable.Range(0, 50).Select(i => new AnsweredSample(i, i % 10, i * Second, [i * Late + 7, i * Late + Second]))];

    static EvidenceRecord Served(IReadOnlyList<AnsweredSample> answers)
    {
        var record = Sample.Evidence();
        var metrics = new Dictionary<string, double>(LoadFigures.Of(Load, answers)) { ["accuracy"] = 0.93, ["worst_recall"] = 0.61 };
        return record with
        {
            Quality = record.Quality with { Metrics = metrics },
            Serving = new ServingRecord(Load, answers),
            Validity = [.. record.Validity, .. LoadValidity.Lines(Load, answers)],
        };
    }

    static EvidenceRecord With(EvidenceRecord record, string metric, double value)
    {
        var metrics = new Dictionary<string, double>(record.Quality.Metrics) { [metric] = value };
        return record with { Quality = record.Quality with { Metrics = metrics } };
    }

    IReadOnlyList<EvidenceFinding> Findings(EvidenceRecord record) => EvidenceVerifier.Verify(EvidenceFile.Write(folder.Path, record).Path);
}

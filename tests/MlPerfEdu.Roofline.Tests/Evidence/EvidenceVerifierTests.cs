using System.Text;
using MlPerfEdu.Roofline.Classify;
using MlPerfEdu.Roofline.Detect;
using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Roofline.Load;
using MlPerfEdu.Roofline.Measure;
using MlPerfEdu.Roofline.Peaks;

namespace MlPerfEdu.Roofline.Tests.Evidence;

public sealed class EvidenceVerifierTests : IDisposable
{
    readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_flipped_bit_anywhere_is_found()
    {
        var (path, _) = EvidenceFile.Write(folder.Path, Sample.Evidence());
        var intact = File.ReadAllBytes(path);
        var random = new Random(11);
        // White space and punctuation are most of the file, so every kind of byte is hit many times.
        var positions = Enumerable.Range(0, 1500).Select(_ => random.Next(intact.Length)).Append(0).Append(intact.Length - 1);
        foreach (var position in positions)
        {
            var bytes = (byte[])intact.Clone();
            bytes[position] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(path, bytes);
            var findings = EvidenceVerifier.Verify(path);

            Assert.True(findings.Count > 0, $"a flip at byte {position} went unnoticed");
            Assert.All(findings, finding => Assert.Contains(path, finding.Message, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void White_space_that_json_does_not_care_about_is_found_with_its_place()
    {
        var path = Edited(text => text.Replace("{\n  \"schema\"", "{\n   \"schema\"", StringComparison.Ordinal));

        var finding = Assert.Single(EvidenceVerifier.Verify(path));
        Assert.Equal("MLP3003", finding.Code);
        Assert.Contains("at byte 4:", finding.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"seed\": 1,", "\"seed\": 1,\n  \"sead\": 1,")]
    [InlineData("\"seed\": 1,", "\"seed\": 1,\n  \"seed\": 1,")]
    [InlineData("\"seed\": 1,\n  ", "")]
    [InlineData("\"seed\": 1,", "\"seed\": \"1\",")]
    [InlineData("\"seed\": 1,", "\"seed\": null,")]
    [InlineData("\"value\": \"grey_band\"", "\"value\": \"grey\"")]
    [InlineData("\"value\": \"grey_band\"", "\"value\": 1")]
    [InlineData("{\n  \"schema\"", "[\n  \"schema\"")]
    public void A_document_of_another_shape_is_no_sidecar(string from, string to)
    {
        var finding = Assert.Single(EvidenceVerifier.Verify(Edited(text => text.Replace(from, to, StringComparison.Ordinal))));

        Assert.Equal("MLP3002", finding.Code);
    }

    [Fact]
    public void A_missing_file_is_said_to_be_missing() =>
        Assert.Equal("MLP3001", Assert.Single(EvidenceVerifier.Verify(folder.File("none.json"))).Code);

    // Each forgery is sealed again, so that only what it contradicts can give it away.
    public static TheoryData<string, Func<EvidenceRecord, EvidenceRecord>> Forgeries => new()
    {
        { "MLP3004", record => record with { Schema = EvidenceRecord.CurrentSchema + 1 } },
        { "MLP3008", record => record with { Machine = record.Machine with { Class = "linux-x64-avx512-llc16m" } } },
        { "MLP3008", record => record with { Machine = record.Machine with { Facts = Sample.Facts with { CpuModel = "Model 10" } } } },
        { "MLP3009", record => record with { Peaks = record.Peaks with { Backend = "another" } } },
        { "MLP3010", record => record with { Regimes = record.Regimes with { WorkingSet = record.Regimes.WorkingSet with { Value = RegimeValue.CacheResident } } } },
        { "MLP3010", record => record with { Measurement = Sample.Measurement(stepSeconds: 0.03) } },
        { "MLP3010", record => record with { Count = record.Count with { Layers = [.. record.Count.Layers.Skip(1)] } } },
        { "MLP3010", record => record with { Thresholds = record.Thresholds with { WorkingSet = new(0.5, 2) } } },
        { "MLP3012", record => record with { Quality = record.Quality with { Target = record.Quality.Target with { Value = 0.5 } } } },
        { "MLP3012", record => record with { Validity = [] } },
        { "MLP3012", record => WithBudget(record) with { Validity = record.Validity } },
        { "MLP3012", record => WithBudget(record) with { Cost = WithBudget(record).Cost with { PeakMemoryBytes = 513L << 20 } } },
        { "MLP3012", record => WithBudget(record) with { Cost = WithBudget(record).Cost with { Budget = new(60, 256) } } },
        { "MLP3016", record => Asking(record, "bf16", null) },
        { "MLP3016", record => Asking(record, "fp32", "bf16") },
        // This processor has none.
        { "MLP3016", record => Asking(record, "bf16", "bf16") },
    };

    [Theory]
    [InlineData(512, true)]
    [InlineData(513, false)]
    public void A_memory_budget_is_judged_again_from_the_sidecar(long megabytes, bool holds)
    {
        var record = WithBudget(Sample.Evidence(), megabytes);
        var (path, _) = EvidenceFile.Write(folder.Path, record);

        Assert.Empty(EvidenceVerifier.Verify(path));
        Assert.Equal(holds, record.Validity[^1].Met);
    }

    static EvidenceRecord WithBudget(EvidenceRecord record, long megabytes = 512)
    {
        var cost = record.Cost with { PeakMemoryBytes = megabytes << 20, PeakMemoryFrom = PeakMemory.Sampled, Budget = new(60, 512) };
        return record with { Cost = cost, Validity = [.. record.Validity, .. BudgetValidity.Lines(cost)] };
    }

    [Theory]
    [MemberData(nameof(Forgeries))]
    public void A_claim_that_does_not_follow_is_found_even_under_a_good_seal(string code, Func<EvidenceRecord, EvidenceRecord> forge)
    {
        var (path, _) = EvidenceFile.Write(folder.Path, forge(Sample.Evidence()));

        Assert.All(EvidenceVerifier.Verify(path), finding => Assert.Equal(code, finding.Code));
        Assert.NotEmpty(EvidenceVerifier.Verify(path));
    }

    static EvidenceRecord Asking(EvidenceRecord record, string asked, string? used)
    {
        var settings = new Dictionary<string, string>(record.Settings) { ["recipe.Precision"] = asked };
        if (used is not null) (settings["precision.used"], settings["precision.why"]) = (used, "a test says so");
        return record with { Settings = settings };
    }

    [Fact]
    public void Products_of_another_precision_than_was_asked_for_hold_with_the_reason()
    {
        var (path, _) = EvidenceFile.Write(folder.Path, Asking(Sample.Evidence(), "bf16", "fp32"));
        Assert.Empty(EvidenceVerifier.Verify(path));
    }

    [Fact]
    public void Products_that_are_counted_as_bf16_were_stated_as_such()
    {
        var facts = Sample.Facts with { Isa = ["amx_bf16", "avx2", "fma"] };
        var gemm = Sample.Peaks.Find(PeakKind.Gemm)!;
        var peaks = ContentHash.Seal(Sample.Peaks with
        {
            Fingerprint = Fingerprint.Of(facts),
            Series = [.. Sample.Peaks.Series, gemm with { Kind = PeakKind.GemmBf16, Samples = [4 * Sample.Compute] }],
        });
        var record = Sample.Evidence();
        var count = record.Count with { Layers = [.. record.Count.Layers.Select(layer => layer.Kind == "linear" ? layer with { Precision = Precision.Bf16 } : layer)] };
        record = record with
        {
            Machine = MachineRecord.Of(facts), Peaks = peaks, Count = count,
            Regimes = RegimeDerivation.Derive(count, record.Measurement, peaks, record.Thresholds),
        };
        Assert.InRange(count.Bf16Flops, 1, count.Flops);

        Assert.Empty(EvidenceVerifier.Verify(EvidenceFile.Write(folder.Path, Asking(record, "bf16", "bf16")).Path));
        Assert.Equal("MLP3016", Assert.Single(EvidenceVerifier.Verify(EvidenceFile.Write(folder.Path, Asking(record, "bf16", "fp32")).Path)).Code);
    }

    [Fact]
    public void A_sidecar_from_before_classes_knew_caches_holds()
    {
        var record = Sample.Evidence();
        var (path, _) = EvidenceFile.Write(folder.Path, record with { Machine = record.Machine with { Class = "linux-x64-avx2" } });

        Assert.Empty(EvidenceVerifier.Verify(path));
    }

    [Fact]
    public void A_point_above_its_roof_is_found()
    {
        var record = Sample.Evidence();
        var measurement = Sample.Measurement(stepSeconds: 0.001);
        record = record with
        {
            Measurement = measurement,
            Regimes = RegimeDerivation.Derive(record.Count, measurement, record.Peaks, record.Thresholds),
        };
        var (path, _) = EvidenceFile.Write(folder.Path, record);

        Assert.Contains(EvidenceVerifier.Verify(path), finding => finding.Code == "MLP3011");
    }

    [Fact]
    public void A_changed_sum_is_not_the_sum()
    {
        var path = Edited(text => text.Replace("\"parameters\": 19932,", "\"parameters\": 19933,", StringComparison.Ordinal));

        Assert.Contains(EvidenceVerifier.Verify(path), finding => finding.Code == "MLP3003");
    }

    [Fact]
    public void A_renamed_file_and_another_pin_are_found()
    {
        var (path, _) = EvidenceFile.Write(folder.Path, Sample.Evidence());
        var renamed = folder.File("dscnn-kws-train_2026-01-31T12-30-00Z_000000000000.json");
        File.Move(path, renamed);

        Assert.Equal(["MLP3006"], EvidenceVerifier.Verify(renamed).Select(finding => finding.Code));
        Assert.Equal(["MLP3007", "MLP3006"], EvidenceVerifier.Verify(renamed, new string('0', 64)).Select(finding => finding.Code));
    }

    string Edited(Func<string, string> edit)
    {
        var (path, _) = EvidenceFile.Write(folder.Path, Sample.Evidence());
        var text = File.ReadAllText(path);
        var edited = edit(text);
        Assert.NotEqual(text, edited);
        File.WriteAllText(path, edited, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        return path;
    }
}

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

public sealed class PeakEvidenceTests : IDisposable
{
    readonly TempFolder folder = new();

    static PeakEvidence Good => PeakEvidence.Of(Sample.Peaks, MachineRecord.Of(Sample.Facts), SourceState.Unknown);

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_sidecar_as_written_holds()
    {
        var path = new PeakCache(folder.Path).Save(Good);

        Assert.Empty(EvidenceVerifier.Verify(path));
        Assert.Matches(@"peaks-[0-9a-f]{12}_2026-01-31T12-00-00Z_[0-9a-f]{12}\.json$", path);
        Assert.NotEmpty(Good.GemmShares);
    }

    [Fact]
    public void A_flipped_bit_anywhere_is_found()
    {
        var path = new PeakCache(folder.Path).Save(Good);
        var intact = File.ReadAllBytes(path);
        var random = new Random(5);
        for (var position = 0; position < intact.Length; position++)
        {
            var bytes = (byte[])intact.Clone();
            bytes[position] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(path, bytes);

            Assert.True(EvidenceVerifier.Verify(path).Count > 0, $"a flip at byte {position} went unnoticed");
        }
    }

    public static TheoryData<string, Func<PeakEvidence, PeakEvidence>> Forgeries => new()
    {
        { "MLP3004", evidence => evidence with { Schema = PeakEvidence.CurrentSchema + 1 } },
        { "MLP3008", evidence => evidence with { Machine = evidence.Machine with { Class = "linux-x64-avx512-llc16m" } } },
        { "MLP3008", evidence => evidence with { Peaks = ContentHash.Seal(evidence.Peaks with { Fingerprint = new string('0', 64) }) } },
        { "MLP3009", evidence => evidence with { Peaks = evidence.Peaks with { Backend = "another" } } },
        { "MLP3014", evidence => evidence with { GemmShares = [evidence.GemmShares[0] with { Share = 0.95 }] } },
        { "MLP3014", evidence => evidence with { GemmShares = [] } },
    };

    // Sealed again, so that only what it contradicts can give it away.
    [Theory]
    [MemberData(nameof(Forgeries))]
    public void A_claim_that_does_not_follow_is_found_even_under_a_good_seal(string code, Func<PeakEvidence, PeakEvidence> forge)
    {
        var path = new PeakCache(folder.Path).Save(ContentHash.Seal(forge(Good)));

        Assert.Equal([code], EvidenceVerifier.Verify(path).Select(finding => finding.Code));
    }

    [Fact]
    public void A_renamed_file_and_another_pin_are_found()
    {
        var path = new PeakCache(folder.Path).Save(Good);
        var renamed = folder.File("peaks-000000000000_2026-01-31T12-00-00Z_000000000000.json");
        File.Move(path, renamed);

        Assert.Equal(["MLP3006"], EvidenceVerifier.Verify(renamed).Select(finding => finding.Code));
        Assert.Equal(["MLP3007", "MLP3006"], EvidenceVerifier.Verify(renamed, new string('0', 64)).Select(finding => finding.Code));
    }
}

using System.Text;
using MlPerfEdu.Roofline.Classify;
using MlPerfEdu.Roofline.Evidence;

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
    };

    [Theory]
    [MemberData(nameof(Forgeries))]
    public void A_claim_that_does_not_follow_is_found_even_under_a_good_seal(string code, Func<EvidenceRecord, EvidenceRecord> forge)
    {
        var (path, _) = EvidenceFile.Write(folder.Path, forge(Sample.Evidence()));

        Assert.All(EvidenceVerifier.Verify(path), finding => Assert.Equal(code, finding.Code));
        Assert.NotEmpty(EvidenceVerifier.Verify(path));
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

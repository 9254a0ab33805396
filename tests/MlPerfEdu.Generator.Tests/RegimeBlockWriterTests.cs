using MlPerfEdu.Catalog;

namespace MlPerfEdu.Generator.Tests;

public class RegimeBlockWriterTests
{
    static readonly RegimeBlock Block = new(
        new("dram_bound", 123456789), new("compute_bound", 54.25), new("device_saturated", 0.75),
        "roofline/evidence/linux-x64-avx2-llc32m/x_2026-02-03T04-05-06Z_0123456789ab.json", new('a', 64), "2026-02-03T04-05-06Z");

    const string AddedToBlock =
        """
              regime:
                linux-x64-avx2-llc32m:
                  working_set: { value: dram_bound, bytes_per_step: 123456789 }
                  arithmetic_intensity: { value: compute_bound, flops_per_byte: 54.25 }
                  dispatch: { value: device_saturated, utilization: 0.75 }
                  evidence_sidecar: roofline/evidence/linux-x64-avx2-llc32m/x_2026-02-03T04-05-06Z_0123456789ab.json
                  evidence_sha256: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
                  measured_at: 2026-02-03T04-05-06Z

        """;

    [Fact]
    public void A_regime_is_added_where_there_is_none()
    {
        var edited = RegimeBlockWriter.Replace(Sample.Text, "2-bit-class", "linux-x64-avx2-llc32m", Block);
        Assert.Equal(Sample.With("      max_model_kb: 16\n", AddedToBlock + "      max_model_kb: 16\n"), edited);
    }

    [Fact]
    public void A_class_is_added_beside_another()
    {
        var edited = RegimeBlockWriter.Replace(Sample.Text, "tone-net-train", "linux-x64-avx2-llc32m", Block);
        var added = AddedToBlock[(AddedToBlock.IndexOf('\n') + 1)..];
        Assert.Equal(Sample.With("      provenance: Made", added + "      provenance: Made"), edited);
    }

    [Fact]
    public void Only_the_values_of_an_existing_class_change()
    {
        var edited = RegimeBlockWriter.Replace(Sample.Text, "tone-net-train", "linux-x64-avx512-llc32m", Block);
        string[] kept = [.. Sample.Text.Split('\n').Where(line => !IsValueLine(line))];
        Assert.Equal(kept, edited.Split('\n').Where(line => !IsValueLine(line)));
        Assert.Contains("          # Explained by the operator count.\n          dispatch: { value: device_saturated, utilization: 0.75 }\n", edited);

        static bool IsValueLine(string line) => line.StartsWith("          ", StringComparison.Ordinal) &&
            (line.Contains("{ value:", StringComparison.Ordinal) || line.Contains("evidence_", StringComparison.Ordinal) || line.Contains("measured_at", StringComparison.Ordinal));
    }

    [Fact]
    public void An_entry_in_brackets_stays_in_brackets()
    {
        var edited = RegimeBlockWriter.Replace(Sample.Text, "class", "linux-x64-avx2-llc32m", Block);
        Assert.Contains("    class: { regime: { linux-x64-avx2-llc32m: { working_set: { value: dram_bound, ", edited);
        Assert.EndsWith(Sample.Text[Sample.Text.IndexOf("model: keyword", StringComparison.Ordinal)..], edited);
    }

    [Theory]
    [InlineData("      regime:\n", "      regime:\n")]
    [InlineData("      regime: {}\n", "      regime:\n")]
    [InlineData("      regime: ~   # none yet\n", "      regime:    # none yet\n")]
    [InlineData("      regime:   # none yet\n", "      regime:   # none yet\n")]
    [InlineData("      'regime' : { } # none yet\n", "      'regime' :  # none yet\n")]
    public void An_empty_regime_is_filled_and_its_comment_kept(string before, string after)
    {
        var text = Sample.With("      max_model_kb: 16\n", before + "      max_model_kb: 16\n");
        var added = AddedToBlock[(AddedToBlock.IndexOf('\n') + 1)..];
        var expected = Sample.With("      max_model_kb: 16\n", after + added + "      max_model_kb: 16\n");
        Assert.Equal(expected, RegimeBlockWriter.Replace(text, "2-bit-class", "linux-x64-avx2-llc32m", Block));
    }

    [Theory]
    [InlineData("regime: , model: keyword")]
    [InlineData("regime: {}, model: keyword")]
    [InlineData("regime: null, model: keyword")]
    public void An_empty_regime_in_brackets_is_filled(string before)
    {
        var edited = RegimeBlockWriter.Replace(Sample.With("model: keyword", before), "class", "linux-x64-avx2-llc32m", Block);
        Assert.Contains("regime: { linux-x64-avx2-llc32m: { working_set", edited);
        Assert.Contains(" }, model: keyword", edited);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Line_ends_stay_what_they_are(bool withFinalLineEnd)
    {
        var text = '\ufeff' + Sample.Text.TrimEnd('\n').ReplaceLineEndings("\r\n") + (withFinalLineEnd ? "\r\n" : "");
        var edited = RegimeBlockWriter.Replace(text, "2-bit-class", "linux-x64-avx2-llc32m", Block);
        Assert.Equal(text.Length + AddedToBlock.ReplaceLineEndings("\r\n").Length, edited.Length);
        Assert.Equal(edited, edited.ReplaceLineEndings("\r\n"));
        Assert.Equal('\ufeff', edited[0]);
    }

    [Fact]
    public void A_regime_is_added_behind_the_last_line_of_a_file_that_ends_without_a_line_end()
    {
        // The budget is the last key of the last entry, and a comment follows it.
        var text = Sample.Text.TrimEnd('\n') + "\n    last:\n" + MinimalEntry + "      budget: { seconds: 1, memory_mb: 1 } # enough";
        var edited = RegimeBlockWriter.Replace(text, "last", "linux-x64-avx2-llc32m", Block);
        Assert.Equal(text + "\n" + AddedToBlock.TrimEnd('\n'), edited);
    }

    [Fact]
    public void Writing_twice_gives_the_same_as_writing_once()
    {
        foreach (var id in new[] { "tone-net-train", "2-bit-class", "class" })
        {
            var once = RegimeBlockWriter.Replace(Sample.Text, id, "osx-arm64-neon-llc16m", Block);
            Assert.Equal(once, RegimeBlockWriter.Replace(once, id, "osx-arm64-neon-llc16m", Block));
        }
    }

    [Fact]
    public void Any_number_of_edits_in_any_order_touch_only_their_own_block()
    {
        var random = new Random(7);
        string[] classes = ["linux-x64-avx512-llc32m", "linux-x64-avx2-llc32m", "osx-arm64-neon-llc16m"];
        for (var round = 0; round < 40; round++)
        {
            var text = round % 2 == 0 ? Sample.Text : Sample.Text.ReplaceLineEndings("\r\n");
            var written = new Dictionary<(string, string), RegimeBlock>();
            for (var edit = 0; edit < 6; edit++)
            {
                var id = Sample.Catalog(Sample.Text).Models[random.Next(4)].Id;
                var machineClass = classes[random.Next(classes.Length)];
                var block = RandomBlock(random);
                var edited = RegimeBlockWriter.Replace(text, id, machineClass, block);
                Assert.True(KeepsEveryCommentAndBlankLine(text, edited));
                text = edited;
                written[(id, machineClass)] = block;
            }
            var catalog = Sample.Catalog(text);
            foreach (var ((id, machineClass), block) in written)
            {
                var found = ((ModelEntry)catalog.Find(id)!).Regimes[machineClass];
                Assert.Equal(
                    (block.WorkingSet.Number, block.Dispatch.Number, block.EvidenceSha256, block.MeasuredAt),
                    (found.WorkingSet.Number, found.Dispatch.Number, found.EvidenceSha256, found.MeasuredAt));
            }
            Assert.Equal(Sample.Catalog(Sample.Text).Entries.Select(entry => entry.Sha256), catalog.Entries.Select(entry => entry.Sha256));
        }
    }

    [Theory]
    [InlineData("nobody", "linux-x64-avx2-llc32m", "dram_bound", "a.json")]
    [InlineData("class", "Linux", "dram_bound", "a.json")]
    [InlineData("class", "a: b\n", "dram_bound", "a.json")]
    [InlineData("class", "linux-x64-avx2-llc32m", "dram_bound }", "a.json")]
    [InlineData("class", "linux-x64-avx2-llc32m", "dram_bound", "../a.json")]
    [InlineData("class", "linux-x64-avx2-llc32m", "dram_bound", "a.json # x")]
    public void A_block_that_is_not_valid_is_refused(string id, string machineClass, string value, string sidecar)
    {
        var block = Block with { WorkingSet = new(value, 1), EvidenceSidecar = sidecar };
        Assert.Throws<ArgumentException>(() => RegimeBlockWriter.Replace(Sample.Text, id, machineClass, block));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(-1)]
    public void A_number_that_the_file_may_not_hold_is_refused(double number) =>
        Assert.Throws<ArgumentException>(() =>
            RegimeBlockWriter.Replace(Sample.Text, "class", "linux-x64-avx2-llc32m", Block with { Dispatch = new("grey_band", number) }));

    [Fact]
    public void A_file_with_mistakes_is_not_edited() =>
        Assert.Throws<ArgumentException>(() => RegimeBlockWriter.Replace(Sample.With("params: 68", "params: x"), "class", "linux-x64-avx2-llc32m", Block));

    static RegimeBlock RandomBlock(Random random) => Block with
    {
        WorkingSet = new(AxisFormat.WorkingSet.Values[random.Next(4)], random.Next()),
        ArithmeticIntensity = new(AxisFormat.ArithmeticIntensity.Values[random.Next(4)], random.NextDouble() * 100),
        Dispatch = new(AxisFormat.Dispatch.Values[random.Next(5)], random.NextDouble() / 1e6),
        EvidenceSha256 = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(BitConverter.GetBytes(random.Next()))),
        MeasuredAt = $"2026-01-{random.Next(1, 29):00}T00-00-00Z",
    };

    static bool KeepsEveryCommentAndBlankLine(string before, string after) =>
        before.Split('\n').Where(IsKept).SequenceEqual(after.Split('\n').Where(IsKept));

    static bool IsKept(string line) => string.IsNullOrWhiteSpace(line) || line.Contains('#');

    const string MinimalEntry =
        """
              model: small
              params: 1
              scenario: offline
              tier: quick
              geometry: { size: 3 }
              recipe: { division: open, optimizer: sgd, learning_rate: 1, weight_decay: 0, momentum: 0, schedule: constant, clip_norm: 0,
                        batch: 1, epochs: 1, batches_per_epoch: 1 }
              data: [{ dataset: tones, tier: real, quality_target: { metric: loss, at_most: 1 } }]

        """;
}

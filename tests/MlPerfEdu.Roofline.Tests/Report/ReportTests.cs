using MlPerfEdu.Roofline.Count;
using MlPerfEdu.Roofline.Evidence;
using MlPerfEdu.Roofline.Peaks;
using MlPerfEdu.Roofline.Report;
using MlPerfEdu.Roofline.Tests.Count;
using TorchSharp;

namespace MlPerfEdu.Roofline.Tests.Report;

public class ReportTests
{
    [Fact]
    public void Table_lines_up_words_left_and_numbers_right()
    {
        var table = new TextTable(1, "name", "n").Row("a|b", "1").Row("longer", "1,000");

        Assert.Equal(
            """
            | name   |     n |
            |--------|------:|
            | a\|b   |     1 |
            | longer | 1,000 |

            """, table.ToString());
    }

    [Fact]
    public void A_row_of_another_length_is_refused() =>
        Assert.Throws<ArgumentException>(() => new TextTable(1, "a", "b").Row("only one"));

    [Fact]
    public void Layer_tables_end_in_the_totals()
    {
        var count = Counting.Of(
            torch.nn.Linear(3, 4), torch.zeros(2, 3), y => Counted.mse_loss(y, torch.zeros(2, 4)), update => update.Sgd(UpdateStyle.Flat));
        var tables = LayerTable.Render(count).Split("\n\n").Select(table => table.Split('\n', StringSplitOptions.RemoveEmptyEntries)).ToList();

        Assert.All(tables, lines => Assert.Equal(2 + count.Layers.Count + 1, lines.Length));
        // Parameters, MAC, FLOP forward and backward; nothing before the layer is trained.
        Assert.Matches(@"^\| total .*\| +16 \| +24 \| +48 \| +48 \|$", tables[0][^1]);
        var passes = $@"{Sum(layer => layer.Forward.Bytes)} \| +{Sum(layer => layer.DataGradient.Bytes + layer.WeightGradient.Bytes)} \| +192";
        Assert.Matches($@"^\| total .*\| +64 \| +32 \| +{passes} \| +{count.OperatorCalls} \| +{count.UniqueBytes} \|$", tables[1][^1]);

        long Sum(Func<LayerCount, long> bytes) => count.Layers.Sum(bytes);
    }

    [Fact]
    public void Layer_tables_of_real_models_fit_a_screen_of_120_columns()
    {
        StepCount[] models = [Models.DsCnn(64), Models.MobileNetV2(64), Models.UNet(32), Transformers.NanoGpt(16, 64), Models.MicroLstm(64)];

        Assert.All(
            models.Select(LayerTable.Render),
            text => Assert.InRange(text.Split('\n').Max(line => line.Length), 80, 120));
    }

    [Fact]
    public void Roofline_line_says_rates_roofs_and_why()
    {
        var text = RooflineLine.Render(Sample.Evidence());

        Assert.Matches(@"^dscnn-kws-train: [\d.]+ FLOP/byte \(ridge 10\), [\d.]+ GFLOP/s of 100 GFLOP/s \([\d.]+ %\), [\d.]+ GB/s of 10.0 GB/s", text);
        Assert.Contains("step 40.0 ms", text, StringComparison.Ordinal);
        Assert.Contains("dispatch: device_saturated (utilisation", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Results_have_ratios_to_target_and_baseline()
    {
        var record = Sample.Evidence();
        var slower = record with { Measurement = Sample.Measurement(0.1) };
        var row = ResultsTable.Render([slower], new Dictionary<string, EvidenceRecord> { ["dscnn-kws-train"] = record })
            .Split('\n')[2].Split('|', StringSplitOptions.TrimEntries);

        Assert.Equal(["dscnn-kws-train", "speech (real)", "accuracy >= 0.9", "YES"], row[1..5]);
        Assert.Equal(["0.93", "1.03x", "100 ms", "0 %", "2.50x"], row[6..11]);
        Assert.Equal(["8 s", "12.5 s", "500 MB"], row[12..15]);
    }

    [Fact]
    public void A_run_that_does_not_count_says_no()
    {
        var record = Sample.Evidence();
        var invalid = record with { Validity = [.. record.Validity, new("memory", false, "3 GB of 2 GB")] };

        Assert.Contains("| NO  |", ResultsTable.Render([invalid], new Dictionary<string, EvidenceRecord>()), StringComparison.Ordinal);
        Assert.Equal("memory: NO (3 GB of 2 GB)", invalid.Validity[^1].ToString());
    }

    [Fact]
    public void Machines_are_named_once() => Assert.Equal(
        "Model 9, 2 threads (linux-x64-avx2-llc16m)", ResultsTable.Machines([Sample.Evidence(), Sample.Evidence()]));

    [Fact]
    public void Peaks_table_states_conventions_and_the_cache()
    {
        var text = PeaksTable.Render(Sample.Peaks);

        Assert.Contains("| triad ", text, StringComparison.Ordinal);
        Assert.Contains("100 GFLOP/s | 90.0 GFLOP/s", text, StringComparison.Ordinal);
        Assert.Contains("\ntriad: imaginary\n", text, StringComparison.Ordinal);
        Assert.Contains("gemm fp32 on 2 threads: 90.9 % of fma, medians of 1,024 rows and 0 bit; bound by ", text, StringComparison.Ordinal);
        Assert.Contains("between 24.0 MB and 28.0 MB; the system states 32.0 MB.", text, StringComparison.Ordinal);
        Assert.InRange(text.Split('\n').Where(line => line.StartsWith('|')).Max(line => line.Length), 60, 120);
    }

    [Fact]
    public void Peaks_table_names_types_that_libtorch_lacks_or_runs_slowly()
    {
        var int8 = Sample.Peaks.Find(PeakKind.Gemm)! with { Kind = PeakKind.GemmInt8, Samples = [Sample.Compute / 4] };
        var text = PeaksTable.Render(Sample.Peaks with
        {
            Series = [.. Sample.Peaks.Series, int8],
            Absent = [new AbsentPeak(PeakKind.GemmBf16, "not implemented")],
            Phases = [new PeakPhase("bandwidth", 12.34), new PeakPhase("calibration", 1)],
        });

        Assert.Contains("gemm bf16: no kernel in this libtorch (not implemented)\n", text, StringComparison.Ordinal);
        Assert.Contains("gemm int8: only a slow kernel in this libtorch, 0.25 times the rate of fp32\n", text, StringComparison.Ordinal);
        Assert.Contains("Measured in 13 s: bandwidth 12.3 s, calibration 1 s.", text, StringComparison.Ordinal);
    }
}

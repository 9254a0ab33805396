using MlPerfEdu.Roofline.Classify;
using MlPerfEdu.Roofline.Compare;
using MlPerfEdu.Roofline.Evidence;

namespace MlPerfEdu.Roofline.Tests.Compare;

public class DiffTableTests
{
    static readonly EvidenceRecord Before = Sample.Evidence();

    [Fact]
    public Task One_table_says_what_changed_and_how_sure_that_is()
    {
        var slower = Before with { Measurement = Sample.Measurement(0.052) };
        return Verifier.Verify(Table([Before, Of("another-one", Before), Of("gone", Before)], [slower, Of("another-one", Before), Of("new", Before)]));
    }

    [Fact]
    public Task Another_regime_comes_with_both_snapshots_and_the_names_of_the_plots()
    {
        return Verifier.Verify(Table([Measured(0.004)], [Measured(0.4)]));
    }

    [Fact]
    public void Text_from_files_is_neither_markup_nor_a_link_nor_a_mention()
    {
        const string Hostile = "<img src=x onerror=alert(1)> | @everyone #1 [a](http://evil.example) https://evil.example www.evil.example `x` **b** $x$ \r\n\r\n# Big ~~~";
        var settings = new Dictionary<string, string>(Before.Settings) { ["batch"] = Hostile, [Hostile] = "1" };
        var text = Table([Of("a|b\n```", Before)], [Of("a|b\n```", Before with { Settings = settings, Measurement = Sample.Measurement(0.052) })]);

        Assert.All(text.Split('\n').Where(line => line.StartsWith('|')), line => Assert.Equal(5, System.Text.RegularExpressions.Regex.Count(line, @"(?<!\\)\|")));
        var shown = text.Replace(DiffTable.Mark, "").Replace("<!-- -->", "\0");
        Assert.DoesNotMatch(@"(?<!\\)[<`~\[]", shown.Replace("\\\\", ""));
        Assert.DoesNotContain("@everyone", text.Replace("\\", ""));
        Assert.DoesNotContain("#1", text.Replace("\\", ""));
        Assert.DoesNotContain("://", text);
        Assert.DoesNotContain("www.", text);
        Assert.DoesNotContain("\n# Big", text);
    }

    [Fact]
    public void A_block_cannot_be_left_from_inside()
    {
        var block = MarkdownText.Block("diff", "a\n```\n@everyone\n````\nb\r\u001b[0m");
        Assert.StartsWith("`````diff\n", block);
        Assert.EndsWith("\n`````\n", block);
        Assert.DoesNotContain('\r', block);
    }

    [Fact]
    public void A_comment_fits_however_much_changed()
    {
        var many = Enumerable.Range(0, 300).Select(at => Of($"workload-{at}", Before)).ToList();
        var text = Table(many, [.. many.Select(record => record with { Measurement = Sample.Measurement(0.052), Settings = new Dictionary<string, string> { ["x"] = new('y', 5000) } })]);
        Assert.InRange(text.Length, 1000, 65_536);
        Assert.Contains("more rows", text);
    }

    static string Table(IReadOnlyList<EvidenceRecord> before, IReadOnlyList<EvidenceRecord> after) =>
        DiffTable.Markdown(EvidenceSetDiff.Of(before, after, _ => null), before, after);

    static EvidenceRecord Of(string id, EvidenceRecord record) => record with { Workload = record.Workload with { Id = id } };

    static EvidenceRecord Measured(double step)
    {
        var measurement = Sample.Measurement(step, doubledSeconds: 2 * step);
        return Before with { Measurement = measurement, Regimes = RegimeDerivation.Derive(Before.Count, measurement, Before.Peaks, Before.Thresholds), ContentSha256 = new('a', 64) };
    }
}

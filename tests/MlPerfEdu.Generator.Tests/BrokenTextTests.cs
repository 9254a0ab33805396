using System.Diagnostics;
using System.Text;
using MlPerfEdu.Catalog;

namespace MlPerfEdu.Generator.Tests;

/// <summary>Files that are not YAML, or not text.</summary>
public class BrokenTextTests
{
    const int Megabyte = 1024 * 1024;

    [Fact]
    public void Mistakes_before_and_after_a_syntax_error_are_reported_too()
    {
        var text = Sample.With("params: 68", "params: many")
            .Replace("geometry: { size: 3 }", "geometry: { a: 1")
            .Replace("at_most: 3", "at_most: three");
        var found = Sample.Read(text).Diagnostics;
        Assert.Equal(["MLP0024", "MLP0005", "MLP0024"], found.Select(diagnostic => diagnostic.Code));
        Assert.Equal(Sample.PlaceOf(text, "three"), (found[2].Line, found[2].Column));
        var opened = Sample.PlaceOf(text, "{ a: 1");
        Assert.Contains($"opened at line {opened.Line}, column {opened.Column}", found[1].Message);
    }

    [Fact]
    public void Two_broken_entries_are_both_reported()
    {
        var text = Sample.With("params: 68", "params: [68").Replace("model: keyword", "model: \"keyword");
        var lines = Sample.Read(text).Diagnostics.Where(found => found.Code == "MLP0005").Select(found => found.Line).ToList();
        Assert.Equal(2, lines.Count);
        Assert.True(lines[1] >= Sample.PlaceOf(text, "model: \"keyword").Line);
    }

    [Fact]
    public void A_file_cut_short_is_not_blamed_for_missing_keys()
    {
        // In the middle of the first data item.
        var text = Sample.Text[..Sample.Text.IndexOf("also:", StringComparison.Ordinal)] + "also: [{ metric: x";
        Assert.Equal(["MLP0005"], Sample.Read(text).Diagnostics.Select(found => found.Code));
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{")]
    [InlineData("{a: ")]
    [InlineData("- ")]
    [InlineData("? ")]
    [InlineData("[{a: ")]
    public void Deep_nesting_is_one_error(string opening)
    {
        var text = string.Concat(Enumerable.Repeat(opening, Megabyte / opening.Length));
        var found = Sample.Read(text).Diagnostics;
        Assert.Contains(found, diagnostic => diagnostic.Code == "MLP0006");
        Assert.InRange(found.Count, 1, 4);
    }

    [Theory]
    [InlineData("k{0}: 1\n")]
    [InlineData("k: 1\n")]
    [InlineData("- [1]\n")]
    [InlineData("word ")]
    [InlineData("\"x\" ")]
    [InlineData("# comment\n")]
    [InlineData("\n")]
    [InlineData("      k{0}: [\n")]
    [InlineData("    k{0}: {\n")]
    public void Reading_takes_time_in_proportion_to_the_text(string repeated)
    {
        var (small, large) = (Text(Megabyte / 8), Text(Megabyte));
        Seconds(small);
        // Eight times the text takes 64 times as long once reading is quadratic. Other work only adds time: one calm attempt of several will do.
        Assert.Contains(Enumerable.Range(0, 5), _ => Seconds(large) < 24 * Seconds(small));

        string Text(int bytes)
        {
            var text = new StringBuilder(repeated[0] == ' ' ? "suites:\n  tiny:\n" : "");
            for (var i = 0; text.Length < bytes - 100; i++)
                text.Append(repeated.Replace("{0}", i.ToString()));
            return text.ToString();
        }

        static double Seconds(string text)
        {
            var start = Stopwatch.GetTimestamp();
            Assert.NotEmpty(Sample.Read(text).Diagnostics);
            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
    }

    [Fact]
    public void A_file_beyond_the_bound_is_refused_unread() =>
        Assert.Equal("MLP0002", Assert.Single(Sample.Read(new byte[SourceText.MaxBytes + 1]).Diagnostics).Code);

    // A thousand workloads have 2.6 MB.
    [Fact]
    public void A_file_of_three_megabytes_is_read() =>
        Assert.Empty(Sample.Read(Sample.Text + string.Concat(Enumerable.Repeat("# as long as an entry's line\n", 3 * Megabyte / 29))).Diagnostics);

    [Fact]
    public void A_binary_file_gives_a_short_list() =>
        Assert.InRange(Sample.Read(new byte[100_000]).Diagnostics.Count, 1, 101);

    [Theory]
    [InlineData("")]
    [InlineData("\n\n")]
    [InlineData("# only a comment\n")]
    public void A_file_without_content_is_named_so(string text) =>
        Assert.Equal("MLP0010", Assert.Single(Sample.Read(text).Diagnostics).Code);

    [Theory]
    [InlineData("just text", "MLP0023")]
    [InlineData("[1, 2]", "MLP0023")]
    [InlineData("~", "MLP0022")]
    public void Another_root_is_refused(string text, string code) =>
        Assert.Equal(code, Assert.Single(Sample.Read(text).Diagnostics).Code);

    [Fact]
    public void Bytes_that_are_not_utf8_are_placed()
    {
        byte[] bytes = [.. Encoding.UTF8.GetBytes("schema: 1\n# ä\nsuites"), 0xe4, .. Encoding.UTF8.GetBytes(": x\n")];
        var found = Assert.Single(Sample.Read(bytes).Diagnostics);
        Assert.Equal(("MLP0003", 3, 7), (found.Code, found.Line, found.Column));
        Assert.Contains("0xe4", found.Message);
    }

    [Fact]
    public void A_character_to_delete_does_not_hide_the_other_mistakes()
    {
        var text = Sample.With("tier: quick", "tier: qu\u0007ick").Replace("at_most: 3", "at_most: three");
        Assert.Equal(["MLP0004", "MLP0024"], Sample.Read(text).Diagnostics.Select(found => found.Code));
    }

    [Fact]
    public void Too_many_mistakes_end_in_a_count()
    {
        var keys = string.Concat(Enumerable.Range(0, 150).Select(i => $"      key{i}: 1\n"));
        var found = Sample.Read(Sample.With("      params: 68\n", "      params: 68\n" + keys)).Diagnostics;
        Assert.Equal(101, found.Count);
        Assert.Equal("MLP0013", found[^1].Code);
        Assert.Contains("50 more", found[^1].Message);
    }

    [Fact]
    public void A_missing_file_is_a_coded_error()
    {
        var found = Assert.Single(WorkloadCatalogReader.Read(Path.Combine(Path.GetTempPath(), "no-such-folder", "workloads.yaml")).Diagnostics);
        Assert.Equal(("MLP0001", 0), (found.Code, found.Line));
        Assert.EndsWith(found.Message, found.ToString(), StringComparison.Ordinal);
    }
}

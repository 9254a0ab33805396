using MlPerfEdu.Catalog;

namespace MlPerfEdu.Data.Tests;

public class DataCatalogTests
{
    const string Good = """
        schema: 1
        datasets:
          tiny-set:
            title: A tiny set
            kind: original
            folder: tiny
            files:
              - name: a.bin
                bytes: 3
                sha256: 039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81
                also:
                  - { bytes: 4, sha256: 9f64a747e1b97f131fabb6b447296c9b6f0201e79fb3c5356e6c77e89b6a806a, note: Packed again. }
                urls: [https://example.org/a.bin]
              - { name: list.txt, bytes: 9, sha256: 039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81, optional: true }
            license: MIT
            terms: none
            cite: nobody
            splits: { train: 2, test: 1 }
          made-up:
            title: Generated
            kind: embedded
            seed: 7
            contents_sha256: 039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81
            license: MIT
            terms: none
            cite: nobody
            splits: { train: 2 }
        """;

    [Fact]
    public void Reads_what_a_good_file_says()
    {
        var catalog = DataCatalog.Parse(Good, "d.yaml");
        var entry = catalog["tiny-set"];
        Assert.Equal((DataSetKind.Original, "tiny", 3, 2), (entry.Kind, entry.Folder, entry.Line, entry.Files.Count));
        Assert.Equal([3L, 4L], entry.Files[0].Pins.Select(p => p.Bytes));
        Assert.True(entry.Files[1].Optional);
        Assert.True(entry.CanBeFetched);
        Assert.Equal(7UL, catalog["made-up"].Seed);
        Assert.Equal("made-up", catalog["made-up"].Folder);
        Assert.Equal("MLP1020", Assert.Throws<DataException>(() => catalog["tiny"]).Code);
    }

    [Fact]
    public void The_projects_own_file_is_good()
    {
        var catalog = DataCatalog.BuiltIn;
        Assert.Equal(60_000, catalog["mnist"].Splits["train"]);
        Assert.Equal("speech_commands", catalog["speech-commands-v2-test"].Folder);
        Assert.False(catalog["cifar10-part"].CanBeFetched);
    }

    [Theory]
    [InlineData("schema: 1", "schema: 2", "(1,9): error MLP1004")]
    [InlineData("title: A tiny set", "titel: A tiny set", "(4,5): error MLP1002")]
    [InlineData("title: A tiny set", "titel: A tiny set", "(4,5): error MLP1003")]
    [InlineData("cite: nobody", "cite: nobody\n    cite: somebody", "error MLP1005")]
    [InlineData("  made-up:", "  tiny-set:", "(19,3): error MLP1005")]
    [InlineData("  made-up:", "  Made_Up:", "(19,3): error MLP1004")]
    [InlineData("kind: original", "kind: mirror", "(5,11): error MLP1004")]
    [InlineData("kind: original", "kind: [original]", "(5,11): error MLP1004")]
    [InlineData("bytes: 3", "bytes: 3.5", "(9,16): error MLP1004")]
    [InlineData("bytes: 3", "bytes: -3", "(9,16): error MLP1004")]
    [InlineData("bytes: 3", "bytes: '3'", "(9,16): error MLP1004")]
    [InlineData("name: a.bin", "name: ../a.bin", "(8,15): error MLP1004")]
    [InlineData("name: a.bin", "name: a/../b.bin", "(8,15): error MLP1004")]
    [InlineData("name: a.bin", "name: a/..", "(8,15): error MLP1004")]
    [InlineData("name: a.bin", "name: /a.bin", "(8,15): error MLP1004")]
    [InlineData("name: a.bin", "name: list.txt", "'list.txt' twice")]
    [InlineData("folder: tiny", "folder: /etc", "(6,13): error MLP1004")]
    [InlineData("folder: tiny", "folder: made-up", "(19,1): error MLP1004")]
    [InlineData("folder: tiny", "folder: Made-Up", "(19,1): error MLP1004")]
    [InlineData("name: a.bin", "name: a.bin.part", "(8,15): error MLP1004")]
    [InlineData("name: a.bin", "name: a.PART", "(8,15): error MLP1004")]
    [InlineData("splits: { train: 2, test: 1 }", "splits: {}", "(18,13): error MLP1004")]
    [InlineData("splits: { train: 2, test: 1 }", "splits: { train: 010 }", "(18,22): error MLP1004")]
    [InlineData("seed: 7", "seed: 007", "(22,11): error MLP1004")]
    [InlineData("https://example.org/a.bin", "http://example.org/a.bin", "an https address")]
    [InlineData("https://example.org/a.bin", "https://me:pw@example.org/a.bin", "an https address")]
    [InlineData("urls: [https://example.org/a.bin]", "optional: maybe", "true or false")]
    [InlineData("urls: [https://example.org/a.bin]", "optional: false", "a file without urls")]
    [InlineData("sha256: 0390", "sha256: 039g", "64 lower-case hexadecimal digits")]
    [InlineData("splits: { train: 2, test: 1 }", "splits: [2, 1]", "a mapping")]
    [InlineData("seed: 7", "note: none", "no seed")]
    [InlineData("title: Generated", "title: \"Gener\\nated\"", "some text in one line")]
    [InlineData("title: Generated", "title: &a Generated", "MLP1001")]
    [InlineData("title: Generated", "title: *a", "MLP1001")]
    [InlineData("title: Generated", "title: !!str Generated", "MLP1001")]
    [InlineData("title: Generated", "title: [Generated", "MLP1001")]
    [InlineData("title: Generated", "title: Generated\n---\nmore: 1", "MLP1001")]
    public void A_mistake_is_named_at_its_place(string good, string bad, string expected)
    {
        var at = Good.IndexOf(good, StringComparison.Ordinal);
        var text = Good[..at] + bad + Good[(at + good.Length)..];
        var e = Assert.Throws<CatalogException>(() => DataCatalog.Parse(text, "d.yaml"));
        Assert.Contains(e.Problems, p => p.ToString().Contains(expected));
        Assert.All(e.Problems, p => Assert.StartsWith("d.yaml(", p.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public void All_mistakes_come_at_once_in_the_order_of_the_lines()
    {
        var text = Good.Replace("bytes: 3", "bytes: x").Replace("seed: 7", "seed: x").Replace("title: Generated", "title: ");
        var lines = Assert.Throws<CatalogException>(() => DataCatalog.Parse(text, "d.yaml")).Problems.Select(p => p.Line).ToList();
        Assert.Equal(lines.Order(), lines);
        Assert.Superset(new HashSet<int> { 9, 20, 22 }, lines.ToHashSet());
    }

    [Theory]
    [InlineData("")]
    [InlineData("just text")]
    [InlineData("- a\n- list")]
    [InlineData("datasets: {}")]
    [InlineData("\t")]
    public void Something_else_altogether_is_refused(string text) => Assert.Throws<CatalogException>(() => DataCatalog.Parse(text, "d.yaml"));

    [Fact]
    public void Deep_nesting_is_refused_quietly() =>
        Assert.Throws<CatalogException>(() => DataCatalog.Parse("schema: 1\ndatasets: " + new string('[', 200_000), "d.yaml"));

    [Fact]
    public void Damage_gives_a_catalog_or_coded_errors()
    {
        var random = new Xoshiro(11);
        const string Nasty = ":-[]{}&*!|>'\"%@`#,?\n\t \0\u2028é☃";
        for (var round = 0; round < 300; round++)
        {
            var text = Good.ToCharArray();
            for (var n = 1 + random.Below(3); n > 0; n--) text[random.Below(text.Length)] = Nasty[random.Below(Nasty.Length)];
            if (Record.Exception(() => DataCatalog.Parse(new(text), "d.yaml")) is { } e) Assert.IsType<CatalogException>(e);
        }
    }
}

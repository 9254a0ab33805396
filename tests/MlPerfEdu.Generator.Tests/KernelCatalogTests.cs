using MlPerfEdu.Catalog;

namespace MlPerfEdu.Generator.Tests;

public sealed class KernelCatalogTests : IDisposable
{
    const string Valid =
        """
        schema: 1
        modules:
          ring:
            name: RingKV
            does: Keeps the last tokens.
            rows:
              - { row: 12, operation: append, shapes: "(2, 64)", original_us: 1.09 }
              - { row: 12, operation: append-full, shapes: "(2, 64), full", reason: Memory. }
        """;

    readonly string path = Path.GetTempFileName();

    public void Dispose() => File.Delete(path);

    [Fact]
    public void Reads_modules_with_their_rows()
    {
        var module = Assert.Single(Read(Valid).Modules!);
        Assert.Equal(("ring", "RingKV", 3), (module.Id, module.Name, module.Line));
        List<KernelRow> expected = [new(12, "append", "(2, 64)", 1.09, null, 7), new(12, "append-full", "(2, 64), full", null, "Memory.", 8)];
        Assert.Equal(expected, module.Rows);
    }

    [Theory]
    [InlineData("MLP0052", 8, "operation: append-full", "operation: append")]
    [InlineData("MLP0020", 8, "reason", "raeson")]
    [InlineData("MLP0026", 7, "original_us: 1.09", "original_us: 0")]
    [InlineData("MLP0026", 7, "row: 12, operation: append,", "row: 0, operation: append,")]
    [InlineData("MLP0026", 7, "row: 12, operation: append,", "row: 62, operation: append,")]
    [InlineData("MLP0024", 7, "row: 12, operation: append,", "row: 012, operation: append,")]
    [InlineData("MLP0026", 7, "original_us: 1.09", "original_us: 1.09e12")]
    [InlineData("MLP0029", 7, "shapes: \"(2, 64)\",", "shapes: \"\",")]
    [InlineData("MLP0029", 8, "reason: Memory.", "reason: \" \"")]
    [InlineData("MLP0021", 4, "    does: Keeps the last tokens.\n", "")]
    [InlineData("MLP0028", 3, "  ring:", "  Ring:")]
    [InlineData("MLP0040", 1, "schema: 1", "schema: 2")]
    public void Tells_a_mistake_with_its_place(string code, int line, string right, string wrong)
    {
        Assert.Contains(right, Valid);
        var read = Read(Valid.Replace(right, wrong));
        Assert.Null(read.Modules);
        Assert.Contains(read.Diagnostics, found => found.Code == code && found.Line == line);
    }

    [Fact]
    public void The_modules_of_the_clone_have_every_row_of_the_originals_table()
    {
        var read = KernelCatalogReader.Read(Repository.PathOf("workloads/Serving/serving.yaml"));
        Assert.Empty(read.Diagnostics);
        var rows = read.Modules!.SelectMany(module => module.Rows).ToList();
        Assert.Equal(Enumerable.Range(1, 61), rows.Select(row => row.Row).Distinct().Order());
        Assert.All(rows.GroupBy(row => row.Row), row => Assert.Contains(row, one => one.OriginalMicroseconds is not null));
    }

    KernelCatalogReadResult Read(string yaml)
    {
        File.WriteAllText(path, yaml);
        return KernelCatalogReader.Read(path);
    }
}

using MlPerfEdu.Catalog;

namespace MlPerfEdu.Generator.Tests;

public sealed class ImplementationTests : IDisposable
{
    const string Attribute =
        """
        namespace MlPerfEdu.Engine
        {
            [System.AttributeUsage(System.AttributeTargets.Class)]
            public sealed class WorkloadAttribute(string id) : System.Attribute { public string Id => id; }
        }
        namespace Elsewhere
        {
            public sealed class WorkloadAttribute(string id) : System.Attribute { public string Id => id; }
        }

        """;

    readonly string folder = Directory.CreateTempSubdirectory("mlperfedu-implementations-").FullName;
    readonly WorkloadCatalog catalog = Sample.Catalog(Sample.Text);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Public_and_internal_classes_count_and_other_attributes_do_not() => Assert.Empty(Check(
        """
        [MlPerfEdu.Engine.Workload("tone-net-train")] public class Tones;
        [MlPerfEdu.Engine.Workload("2-bit-class")] class Bits;
        [System.Obsolete, MlPerfEdu.Engine.Workload("class")] class Keyword;
        [MlPerfEdu.Engine.Workload("tone-sweep")] class Sweep;
        [MlPerfEdu.Engine.Workload("tone-serve")] class Serve;
        [Elsewhere.Workload("not-ours")] class Other;
        """));

    [Fact]
    public void An_entry_without_an_implementation_is_found_at_its_line()
    {
        var found = Assert.Single(Check(
            """
            [MlPerfEdu.Engine.Workload("tone-net-train")] public class Tones;
            [MlPerfEdu.Engine.Workload("class")] class Keyword;
            [MlPerfEdu.Engine.Workload("tone-sweep")] class Sweep;
            [MlPerfEdu.Engine.Workload("tone-serve")] class Serve;
            """));
        Assert.Equal(("MLP0060", "sample.yaml", catalog.Workloads[1].Line), (found.Code, found.File, found.Line));
        Assert.Contains("2-bit-class", found.Message);
    }

    [Fact]
    public void An_implementation_without_an_entry_names_its_class_and_the_nearest_id()
    {
        var found = Check(
            """
            [MlPerfEdu.Engine.Workload("tone-net-train")] public class Tones;
            [MlPerfEdu.Engine.Workload("2-bit-clas")] class Bits;
            [MlPerfEdu.Engine.Workload("class")] class Keyword;
            [MlPerfEdu.Engine.Workload("tone-sweep")] class Sweep;
            [MlPerfEdu.Engine.Workload("tone-serve")] class Serve;
            """);
        Assert.Equal(["MLP0061", "MLP0060"], found.Select(diagnostic => diagnostic.Code));
        Assert.Equal(catalog.SuitesLine, found[0].Line);
        Assert.Contains("'.Bits'", found[0].Message);
        Assert.Contains("Did you mean '2-bit-class'?", found[0].Message);
    }

    [Fact]
    public void Two_implementations_of_one_entry_are_both_named()
    {
        var found = Assert.Single(Check(
            """
            [MlPerfEdu.Engine.Workload("tone-net-train")] public class Tones;
            [MlPerfEdu.Engine.Workload("tone-net-train")] public class MoreTones;
            [MlPerfEdu.Engine.Workload("2-bit-class")] class Bits;
            [MlPerfEdu.Engine.Workload("class")] class Keyword;
            [MlPerfEdu.Engine.Workload("tone-sweep")] class Sweep;
            [MlPerfEdu.Engine.Workload("tone-serve")] class Serve;
            """));
        Assert.Equal(("MLP0062", catalog.Workloads[0].Line), (found.Code, found.Line));
        Assert.Contains("MoreTones", found.Message);
    }

    [Theory]
    [InlineData("no assembly")]
    [InlineData("")]
    public void Another_file_is_refused(string content)
    {
        var path = Path.Combine(folder, "other.dll");
        File.WriteAllText(path, content);
        Assert.Equal("MLP0063", Assert.Single(ImplementationCheck.Check(catalog, path)).Code);
    }

    [Fact]
    public void A_missing_assembly_is_refused() =>
        Assert.Equal("MLP0063", Assert.Single(ImplementationCheck.Check(catalog, Path.Combine(folder, "none.dll"))).Code);

    [Fact]
    public void A_damaged_assembly_never_throws()
    {
        var path = Path.Combine(folder, "whole.dll");
        Compile.ToFile(path, Attribute, """[MlPerfEdu.Engine.Workload("class")] class Keyword;""");
        var whole = File.ReadAllBytes(path);
        var random = new Random(1);
        for (var i = 0; i < 200; i++)
        {
            var damaged = i % 2 == 0 ? whole[..random.Next(whole.Length)] : (byte[])whole.Clone();
            for (var flip = 0; flip < 20 && damaged.Length > 0; flip++)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            File.WriteAllBytes(path, damaged);
            Assert.NotEmpty(ImplementationCheck.Check(catalog, path));
        }
    }

    IReadOnlyList<Diagnostic> Check(string classes)
    {
        var path = Path.Combine(folder, "implementations.dll");
        Compile.ToFile(path, Attribute + classes);
        return ImplementationCheck.Check(catalog, path);
    }
}

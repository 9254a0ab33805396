using System.Text;
using MlPerfEdu.Catalog;
using MlPerfEdu.Fuzz;
using Xunit.Abstractions;

namespace MlPerfEdu.Zoo.Tests;

public class MistakeTests(ITestOutputHelper output)
{
    const string Model = """
        schema: 1
        models:
          small-mix:
            name: A mix
            family: language
            architecture: sparse-moe
            parameters: 46.7 G
            active_parameters: 12.9 G
            flops: 25.8 GFLOP/token
            layers: 32
            hidden: 4096
            heads: 32
            kv_heads: 8
            experts: 8
            experts_per_token: 2
            original: { kv_heads: none }
            flag: "The original has none."
            sources:
              - { of: [parameters, active_parameters, flops], from: "a paper" }
              - { of: [layers, hidden, heads, kv_heads, experts, experts_per_token], from: "another" }
        """;

    const string Device = """
        schema: 1
        devices:
          fast-chip:
            name: A chip
            class: edge
            year: 2026
            peak: 10 TFLOP/s
            peaks: { int8: 20 TFLOP/s }
            capacity: 8 GiB
            bandwidth: 100 GB/s
            power: 15 W
            dispatch: 0.1 ms
            host_link: { name: PCIe, bandwidth: 8 GB/s }
            sources:
              - { of: [year, peak, peaks, capacity, bandwidth, power, dispatch, host_link], from: "its data sheet" }
        """;

    [Fact]
    public void A_new_entry_is_read_as_it_is_written()
    {
        var model = ModelZoo.Parse(Model, "m.yaml")["small-mix"];
        Assert.Equal((46.7e9, 12.9e9, 8, null, 3),
            (model.Parameters.Value, model.Active.Value, model.KvHeads, model.Original.KvHeads, model.Line));
        var device = SiliconZoo.Parse(Device, "d.yaml")["fast-chip"];
        Assert.Equal((8589934592.0, 1e11, 2e13, 1e-4),
            (device.Capacity.Value, device.Bandwidth.Value, device.Peaks.Of(Dtype.Int8).Value, device.Dispatch.Value));
    }

    [Theory]
    [InlineData("schema: 1", "schema: 2", "(1,9): error MLP2204")]
    [InlineData("name: A mix", "nmae: A mix", "(4,5): error MLP2202")]
    [InlineData("name: A mix", "nmae: A mix", "(4,5): error MLP2203")]
    [InlineData("    heads: 32", "    heads: 32\n    heads: 16", "(13,5): error MLP2205")]
    [InlineData("small-mix:", "Small_Mix:", "(3,3): error MLP2204")]
    [InlineData("architecture: sparse-moe", "architecture: sparse", "(6,19): error MLP2204")]
    [InlineData("name: A mix", "name: &a A mix", "error MLP2201")]
    [InlineData("46.7 G", "-46.7 G", "(7,17): error MLP2206")]
    [InlineData("46.7 G", "0 G", "(7,17): error MLP2206")]
    [InlineData("46.7 G", "NaN G", "(7,17): error MLP2206")]
    [InlineData("46.7 G", ".inf", "(7,17): error MLP2206")]
    [InlineData("46.7 G", "1e400", "(7,17): error MLP2206")]
    [InlineData("46.7 G", "1e-400", "(7,17): error MLP2206")]
    [InlineData("46.7 G", "46.7 GB", "(7,17): error MLP2207")]
    [InlineData("46.7 G", "46.7", "(7,17): error MLP2206")]
    [InlineData("46.7 G", "46", "(7,17): error MLP2206")]
    [InlineData("46.7 G", "46.0000000000007 G", "(7,17): error MLP2206")]
    [InlineData("46.7 G", "046 G", "(7,17): error MLP2206")]
    [InlineData("46.7 G", "1_000 M", "(7,17): error MLP2206")]
    [InlineData("46.7 G", "46.7 E", "(7,17): error MLP2206")]
    [InlineData("layers: 32", "layers: 032", "(10,13): error MLP2204")]
    [InlineData("layers: 32", "layers: 0o40", "(10,13): error MLP2204")]
    [InlineData("25.8 GFLOP/token", "25.8 GFLOP", "(9,12): error MLP2207")]
    [InlineData("25.8 GFLOP/token", "25.8 GFLOP/s", "(9,12): error MLP2207")]
    [InlineData("25.8 GFLOP/token", "25.8 GFLOP/3", "(9,12): error MLP2207")]
    [InlineData("25.8 GFLOP/token", "25.8 GB/token", "(9,12): error MLP2207")]
    [InlineData("25.8 GFLOP/token", "[1]", "(9,12): error MLP2207")]
    [InlineData("layers: 32", "layers: 32.5", "(10,13): error MLP2204")]
    [InlineData("kv_heads: 8", "kv_heads: 5", "(3,3): error MLP2209")]
    [InlineData("active_parameters: 12.9 G", "active_parameters: 50 G", "(3,3): error MLP2209")]
    [InlineData("active_parameters: 12.9 G", "active_parameters: 1 G", "at least experts_per_token experts")]
    [InlineData("experts_per_token: 2", "experts_per_token: 8", "fewer experts_per_token")]
    [InlineData("    flag: \"The original has none.\"\n", "", "(16,15): error MLP2209")]
    [InlineData("original: { kv_heads: none }", "original: { name: none }", "(16,17): error MLP2202")]
    [InlineData("[parameters, active_parameters, flops]", "[parameters, active_parameters]", "(3,3): error MLP2210")]
    [InlineData("[parameters, active_parameters, flops]", "[parameters, active_parameters, flops, steps]", "(3,3): error MLP2210")]
    public void A_mistake_in_a_model_is_named_at_its_place(string good, string bad, string expected) =>
        Named(expected, () => ModelZoo.Parse(Replaced(Model, good, bad), "z.yaml"));

    [Theory]
    [InlineData("bandwidth: 100 GB/s", "bandwidth: 0 GB/s", "(10,16): error MLP2206")]
    [InlineData("bandwidth: 100 GB/s", "bandwidth: -1 GB/s", "(10,16): error MLP2206")]
    [InlineData("bandwidth: 100 GB/s", "bandwidth: 100 GB", "(10,16): error MLP2207")]
    [InlineData("bandwidth: 100 GB/s", "bandwidth: 100 Gb/s", "(10,16): error MLP2207")]
    [InlineData("bandwidth: 100 GB/s", "bandwidth: '100 GB/s'", "(10,16): error MLP2204")]
    [InlineData("    bandwidth: 100 GB/s\n", "", "error MLP2203")]
    [InlineData("capacity: 8 GiB", "capacity: 8 GiB/s", "(9,15): error MLP2207")]
    [InlineData("capacity: 8 GiB", "capacity: 1e400 GiB", "(9,15): error MLP2206")]
    [InlineData("peak: 10 TFLOP/s", "peak: 10 TFLOP", "(7,11): error MLP2207")]
    [InlineData("peak: 10 TFLOP/s", "peak: nan TFLOP/s", "(7,11): error MLP2206")]
    [InlineData("{ int8: 20 TFLOP/s }", "{ int7: 20 TFLOP/s }", "(8,14): error MLP2208")]
    [InlineData("year: 2026", "year: 2026\n    peak_dtype: half", "(7,17): error MLP2208")]
    [InlineData("dispatch: 0.1 ms", "dispatch: 0.1 mW", "(12,15): error MLP2207")]
    [InlineData("fast-chip:", "this-machine:", "(3,3): error MLP2204")]
    [InlineData("{ int8: 20 TFLOP/s }", "{ fp32: 20 TFLOP/s }", "(3,3): error MLP2209")]
    [InlineData("{ int8: 20 TFLOP/s }", "{ fp16: 20 TFLOP/s }", "(3,3): error MLP2209")]
    [InlineData("peaks: { int8: 20 TFLOP/s }", "peaks: { int8: 20 TFLOP/s }\n    sparse_peaks: { int8: 10 TFLOP/s }", "(3,3): error MLP2209")]
    [InlineData("power: 15 W", "power: 15000 MW", "(11,12): error MLP2206")]
    [InlineData("capacity: 8 GiB", "capacity: 8 B", "(9,15): error MLP2206")]
    [InlineData("capacity: 8 GiB", "capacity: 08 GiB", "(9,15): error MLP2206")]
    [InlineData("year: 2026", "year: 02026", "(6,11): error MLP2204")]
    [InlineData("class: edge", "class: fog", "(5,12): error MLP2204")]
    [InlineData("bandwidth: 8 GB/s", "width: 8 GB/s", "(13,30): error MLP2202")]
    [InlineData("power: 15 W", "power: 15 W\n    original: { peaks: { int8: 1 TFLOP/s } }\n    flag: why", "(12,32): error MLP2204")]
    public void A_mistake_in_a_device_is_named_at_its_place(string good, string bad, string expected) =>
        Named(expected, () => SiliconZoo.Parse(Replaced(Device, good, bad), "z.yaml"));

    [Fact]
    public void All_mistakes_come_at_once()
    {
        var text = Model.Replace("46.7 G", "x G").Replace("layers: 32", "layers: none").Replace("25.8 GFLOP/token", "1 B");
        var found = Assert.Throws<CatalogException>(() => ModelZoo.Parse(text, "z.yaml")).Problems;
        Assert.Superset(new HashSet<int> { 7, 9, 10 }, found.Select(problem => problem.Line).ToHashSet());
    }

    [Theory]
    [InlineData("46.7 G", "46.7 GB")]
    [InlineData("46.7 G", "none")]
    [InlineData("12.9 G", "12.9 Gp")]
    [InlineData("experts: 8", "experts: eight")]
    public void A_value_that_cannot_be_read_contradicts_nothing(string good, string bad) =>
        Assert.Single(Assert.Throws<CatalogException>(() => ModelZoo.Parse(Replaced(Model, good, bad), "z.yaml")).Problems);

    [Theory]
    [InlineData("")]
    [InlineData("models: {}")]
    [InlineData("just text")]
    [InlineData("schema: 1\nmodels: [a]")]
    [InlineData("schema: 1\nmodels:\n  a: 3")]
    public void Something_else_altogether_is_refused(string text) => Assert.Throws<CatalogException>(() => ModelZoo.Parse(text, "z.yaml"));

    [Fact]
    public void A_damaged_registry_gives_coded_mistakes_or_answers_questions()
    {
        var (models, devices) = (Resource("models.yaml"), Resource("silicon.yaml"));
        Fuzzing.Try(120, output, number =>
        {
            if (number % 2 == 0)
                Read(models, number, text => ModelZoo.Parse(text, "z")).ForEach(zoo => Ask(zoo.Models, [SiliconZoo.BuiltIn["h100"]]));
            else
                Read(devices, number, text => SiliconZoo.Parse(text, "z")).ForEach(zoo => Ask([ModelZoo.BuiltIn["llama3-8b"]], zoo.Devices));
        });
    }

    static List<T> Read<T>(string text, int number, Func<string, T> parse)
    {
        var bytes = number % 4 < 2 ? new YamlMutation(text, number / 4).Apply() : ByteMutation.Of(Encoding.UTF8.GetBytes(text), number);
        try
        {
            return [Fuzzing.OnSmallStack(() => parse(Encoding.UTF8.GetString(bytes)))];
        }
        catch (CatalogException error)
        {
            Assert.All(error.Problems, found => Assert.True(found is { Line: > 0, Column: > 0 } && (found.Code.StartsWith("MLP22", StringComparison.Ordinal) || found.Code.StartsWith("MLP00", StringComparison.Ordinal)), $"{found}"));
            return [];
        }
    }

    // What is accepted gives numbers, or says why it does not.
    static void Ask(IEnumerable<Model> models, IEnumerable<Device> devices)
    {
        foreach (var (model, device) in models.SelectMany(model => devices.Select(device => (model, device))))
        {
            if (Record.Exception(() => Assert.InRange(SingleNode.Solve(new(model, device) { Dtype = Dtype.Fp16, Batch = 1 }).Latency.Value, double.Epsilon, double.MaxValue)) is { } found)
                Assert.IsType<ZooException>(found);
        }
    }

    static string Resource(string name)
    {
        using var reader = new StreamReader(typeof(ModelZoo).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }

    static string Replaced(string text, string good, string bad)
    {
        var at = text.IndexOf(good, StringComparison.Ordinal);
        Assert.True(at >= 0, $"The sample has no '{good}'.");
        return text[..at] + bad + text[(at + good.Length)..];
    }

    static void Named(string expected, Action parse)
    {
        var found = Assert.Throws<CatalogException>(parse).Problems;
        Assert.True(found.Any(problem => problem.ToString().Contains(expected)),
            $"expected {expected}, found:\n{string.Join('\n', found)}");
        Assert.All(found, problem => Assert.StartsWith("z.yaml(", problem.ToString()));
    }
}

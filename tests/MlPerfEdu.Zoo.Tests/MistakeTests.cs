using MlPerfEdu.Catalog;

namespace MlPerfEdu.Zoo.Tests;

public class MistakeTests
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
    [InlineData("")]
    [InlineData("models: {}")]
    [InlineData("just text")]
    [InlineData("schema: 1\nmodels: [a]")]
    [InlineData("schema: 1\nmodels:\n  a: 3")]
    public void Something_else_altogether_is_refused(string text) => Assert.Throws<CatalogException>(() => ModelZoo.Parse(text, "z.yaml"));

    [Fact]
    public void Damage_gives_a_registry_or_coded_errors_with_their_place()
    {
        var random = new Random(3);
        const string Nasty = ":-[]{}&*!|>'\"%@`#,?\n\t \0e9.-GTkB/\u2028é";
        foreach (var (text, parse) in new (string, Action<string>)[] { (Model, t => ModelZoo.Parse(t, "z")),
            (Device, t => SiliconZoo.Parse(t, "z")) })
        {
            for (var round = 0; round < 500; round++)
            {
                var damaged = text.ToCharArray();
                for (var n = random.Next(1, 4); n > 0; n--) damaged[random.Next(damaged.Length)] = Nasty[random.Next(Nasty.Length)];
                if (Record.Exception(() => parse(new(damaged))) is not { } error) continue;
                Assert.All(Assert.IsType<CatalogException>(error).Problems, found =>
                    Assert.True(found is { Line: > 0, Column: > 0 }, $"{found}"));
            }
        }
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

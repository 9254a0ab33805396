namespace MlPerfEdu.Generator.Tests;

/// <summary>One mistake each: its code, and that it is found where it is.</summary>
public class MistakeTests
{
    // Passage of the sample, what stands there instead, the code, and the text at which the mistake is reported.
    [Theory]
    // Keys.
    [InlineData("      scenario: offline", "      scnario: offline", "MLP0020", "scnario")]
    [InlineData("      scenario: offline\n", "", "MLP0021", "model: tone-net")]
    [InlineData("params: 68", "params: 68\n      params: 69", "MLP0012", "params: 69")]
    [InlineData("params: 68", "? [a, b]\n      : 1\n      params: 68", "MLP0011", "[a, b]\n")]
    [InlineData("geometry: { size: 3 }", "geometry: { '': 1 }", "MLP0029", "'': 1")]
    // Kinds of value.
    [InlineData("model: tone-net", "model:", "MLP0022", "\n      params: 68")]
    [InlineData("model: tone-net", "model: ~", "MLP0022", "~")]
    [InlineData("model: tone-net", "model: [tone-net]", "MLP0023", "[tone-net]")]
    [InlineData("budget: { seconds: 60, memory_mb: 2048 }", "budget: 60", "MLP0023", "60\n      regime")]
    [InlineData("seeds: [1, 2, 3]", "seeds: 3", "MLP0023", "3, values")]
    [InlineData("data: [{ dataset: tones, tier: part", "data: [5, { dataset: tones, tier: part", "MLP0023", "5, { dataset")]
    // Numbers.
    [InlineData("params: 68", "params: \"68\"", "MLP0024", "\"68\"")]
    [InlineData("params: 68", "params: 0x44", "MLP0024", "0x44")]
    [InlineData("params: 68", "params: 068", "MLP0024", "068")]
    [InlineData("params: 68", "params: 0o104", "MLP0024", "0o104")]
    [InlineData("params: 68", "params: 1_000", "MLP0024", "1_000")]
    [InlineData("params: 68", "params: 11.1M", "MLP0024", "11.1M")]
    [InlineData("params: 68", "params: true", "MLP0024", "true")]
    [InlineData("params: 68", "params: 68.0", "MLP0025", "68.0")]
    [InlineData("params: 68", "params: 1e3", "MLP0025", "1e3")]
    [InlineData("params: 68", "params: -68", "MLP0026", "-68")]
    [InlineData("inputs: 16", "inputs: -16", "MLP0026", "-16")]
    [InlineData("hidden: [8, 4]", "hidden: [8, -4]", "MLP0026", "-4")]
    [InlineData("geometry: { size: 3 }", "geometry: {}", "MLP0030", "{}")]
    [InlineData("geometry: { size: 3 }", "geometry: { n: [1, a: 2] }", "MLP0023", ", a: 2]")]
    [InlineData("params: 68", "params: 99999999999999999999", "MLP0026", "99999999999999999999")]
    [InlineData("learning_rate: 1.0e-3", "learning_rate: .nan", "MLP0024", ".nan")]
    [InlineData("learning_rate: 1.0e-3", "learning_rate: -.inf", "MLP0024", "-.inf")]
    [InlineData("learning_rate: 1.0e-3", "learning_rate: 1e999", "MLP0026", "1e999")]
    [InlineData("learning_rate: 1.0e-3", "learning_rate: 0", "MLP0026", "0\n        weight_decay: 0.01")]
    [InlineData("weight_decay: 0.01", "weight_decay: 1", "MLP0026", "1\n        betas")]
    [InlineData("batch: 64", "batch: 2147483648", "MLP0026", "2147483648")]
    [InlineData("dropout: 0.5", "dropout: 1", "MLP0026", "1, discount")]
    [InlineData("discount: 0.99", "discount: 1.01", "MLP0026", "1.01")]
    [InlineData("betas: [0.9, 0.999]", "betas: [0.9, 1]", "MLP0026", "1]\n")]
    [InlineData("betas: [0.9, 0.999]", "betas: [0.9]", "MLP0031", "[0.9]")]
    [InlineData("at_least: 0.9 }", "at_least: high }", "MLP0024", "high }")]
    // Words.
    [InlineData("tier: quick", "tier: quik", "MLP0027", "quik")]
    [InlineData("tier: embedded", "tier: synthetic", "MLP0027", "synthetic\n")]
    [InlineData("kept_epoch: best", "kept_epoch: first", "MLP0027", "first, eval_every")]
    [InlineData("recipe: { division: open", "recipe: { division: open, precision: fp16", "MLP0027", "fp16")]
    [InlineData("      shared_checkpoint: tone-net-train\n", "      shared_checkpoint: tone-net-train\n      precision: BF16\n", "MLP0027", "BF16")]
    [InlineData("value: cache_resident", "value: compute_bound", "MLP0027", "compute_bound")]
    [InlineData("    tone-net-train:", "    Tone-net:", "MLP0028", "Tone-net")]
    [InlineData("    tone-net-train:", "    tone--net:", "MLP0028", "tone--net")]
    [InlineData("    tone-net-train:", "    \"a\\n\": {}\n    tone-net-train:", "MLP0028", "\"a\\n\"")]
    [InlineData("  cloud:", "  clo ud:", "MLP0028", "clo ud")]
    [InlineData("metric: accuracy, at_least: 0.9", "metric: top-1, at_least: 0.9", "MLP0029", "top-1")]
    [InlineData("evidence_sidecar: roofline/", "evidence_sidecar: ../roofline/", "MLP0029", "../roofline")]
    [InlineData("evidence_sidecar: roofline/", "evidence_sidecar: /roofline/", "MLP0029", "/roofline")]
    [InlineData("measured_at: 2026-01-01T00-00-00Z", "measured_at: yesterday", "MLP0029", "yesterday")]
    [InlineData("\"00000000", "\"0000000g", "MLP0029", "\"0000000g")]
    // Lists.
    [InlineData("errata:\n        - { field: params, seed_value: 1.1M, found: It counted a mask., ours: 68 }", "errata: []", "MLP0030", "[]")]
    [InlineData("values: [0.93, 0.94, 0.95]", "values: [0.93, 0.94]", "MLP0031", "[0.93")]
    [InlineData("seconds: [4, 4.5, 4]", "seconds: [4]", "MLP0031", "[4]")]
    [InlineData("seeds: [1, 2, 3]", "seeds: [1, 2, 1]", "MLP0032", "1], values")]
    // What values say together.
    [InlineData("schema: 1", "schema: 2", "MLP0040", "2\n")]
    [InlineData("dram_llc_multiple: 4", "dram_llc_multiple: 0.5", "MLP0041", "0.5 }\n  arithmetic")]
    [InlineData("    class: {", "    2-bit-class: {", "MLP0042", "2-bit-class: {")]
    [InlineData("    class: {", "    tonenet-train: {}\n    tone-nettrain: {}\n    class: {", "MLP0043", "tone-nettrain")]
    [InlineData("dataset: tones", "dataset: tunes", "MLP0044", "tunes")]
    [InlineData("dataset: synthetic-tones", "dataset: tones", "MLP0045", "tones\n          tier: embedded")]
    [InlineData("metric: accuracy, at_least: 0.9 }", "metric: accuracy }", "MLP0046", "{ metric: accuracy }")]
    [InlineData("at_least: 0.9 }", "at_least: 0.9, at_most: 1 }", "MLP0047", "at_most: 1")]
    [InlineData("        epsilon: 1.0e-8", "        epsilon: 1.0e-8\n        momentum: 0.9", "MLP0048", "momentum")]
    [InlineData("        division: closed\n", "        division: closed\n        precision: bf16\n", "MLP0048", "precision: bf16")]
    [InlineData("recipe: { optimizer: sgd,", "recipe: { optimizer: sgd, epsilon: 1,", "MLP0048", "epsilon: 1, momentum")]
    [InlineData("        epsilon: 1.0e-8", "        epsilon: 1.0e-8\n        matrix_learning_rate: 0.1", "MLP0048", "matrix_learning_rate")]
    [InlineData("        division: closed\n", "        division: closed\n        shallow_layers: 2\n        shallow_share: 0.5\n", "MLP0048", "shallow_layers: 2")]
    [InlineData("recipe: { division: open,", "recipe: { division: open, shallow_layers: 2,", "MLP0021", "{ division: open")]
    [InlineData("recipe: { division: open,", "recipe: { division: open, shallow_layers: 2, shallow_share: 1,", "MLP0026", "1, optimizer")]
    [InlineData("recipe: { optimizer: sgd,", "recipe: { optimizer: muon,", "MLP0021", "division: closed")]
    [InlineData("    class: {", "    nul: {", "MLP0050", "nul")]
    [InlineData("shared_checkpoint: tone-net-train", "shared_checkpoint: tone-net-trains", "MLP0051", "tone-net-trains")]
    [InlineData("shared_checkpoint: tone-net-train", "shared_checkpoint: tone-sweep", "MLP0051", "tone-sweep\n")]
    [InlineData("      max_model_kb: 16\n", "      shared_checkpoint: tone-net-trains\n", "MLP0051", "tone-net-trains\n      note")]
    [InlineData("      max_model_kb: 16\n", "      shared_checkpoint: 2-bit-class\n", "MLP0051", "2-bit-class\n      note")]
    [InlineData("params: 68", "params: 0", "MLP0026", "0\n      params_note")]
    [InlineData("learning_rate: 1.0e-3", "learning_rate: 1.0e308", "MLP0026", "1.0e308")]
    [InlineData("at_least: 0.9 }", "at_least: 1.5 }", "MLP0026", "1.5")]
    [InlineData("at_least: 0.9 }", "at_least: 0 }", "MLP0026", "0 }")]
    [InlineData("silence_loss, at_most: 0.04", "silence_loss, at_most: 1.0e300", "MLP0026", "1.0e300")]
    [InlineData("seconds: 60", "seconds: 1.0e300", "MLP0026", "1.0e300")]
    [InlineData("        epochs: 20\n", "        epochs: 2000000000\n", "MLP0057", "epochs: 2000000000")]
    [InlineData("  tiny:\n", "  zoo:\n", "MLP0056", "zoo")]
    [InlineData("scenario: server\n", "scenario: training\n", "MLP0027", "training\n")]
    [InlineData("percentile: 0.9", "percentile: 1", "MLP0026", "1, target_rate")]
    [InlineData("queries: 64, ", "", "MLP0021", "{ seconds: 0")]
    [InlineData("      shared_checkpoint: tone-net-train\n", "", "MLP0021", "model: tone-net\n      params: 68\n      scenario: server")]
    // YAML that we do not read.
    [InlineData("geometry: { size: 3 }", "geometry: &g { n: 1 }", "MLP0007", "&g { n")]
    [InlineData("geometry: { size: 3 }", "geometry: *g", "MLP0007", "*g")]
    [InlineData("geometry: { size: 3 }", "geometry: !!map { n: 1 }", "MLP0008", "!!map")]
    [InlineData("model: two-bit", "model: ! two-bit", "MLP0008", "! two-bit")]
    [InlineData("\nsuites:", "\n---\nsuites:", "MLP0009", "---")]
    [InlineData("geometry: { size: 3 }", "geometry: { n: \u200b1 }", "MLP0024", "\u200b")]
    [InlineData("geometry: { size: 3 }", "geometry: { n: 1\u2028 }", "MLP0004", "\u2028")]
    [InlineData("geometry: { size: 3 }", "geometry: { n: 1\0 }", "MLP0004", "\0")]
    [InlineData("geometry: { size: 3 }", "geometry: { n: 1 } # \u202e", "MLP0004", "\u202e")]
    [InlineData("geometry: { size: 3 }", "geometry: { n: \r1 }", "MLP0004", "\r1")]
    public void Is_found_where_it_is(string passage, string replacement, string code, string at)
    {
        var text = Sample.With(passage, replacement);
        var found = Sample.Read(text);
        Assert.Null(found.Catalog);
        Assert.Contains(found.Diagnostics, diagnostic => diagnostic.Code == code);
        var place = Sample.PlaceOf(text, at);
        Assert.Contains(found.Diagnostics, diagnostic => (diagnostic.Code, diagnostic.Line, diagnostic.Column) == (code, place.Line, place.Column));
    }

    [Theory]
    [InlineData("also: [{ metric: silence_loss, at_most: 0.04 }]", "also: [{ metric: accuracy, at_least: 0.8 }]", "MLP0054")]
    [InlineData("also: [{ metric: silence_loss, at_most: 0.04 }]", "also: [{ metric: accuracy, at_most: 0.8 }]", "MLP0055")]
    [InlineData("{ metric: floor_seconds, at_most: 1.0e-3 }", "{ metric: share_of_peak, at_most: 0.8 }", "MLP0055")]
    public void Bounds_that_do_not_go_together_are_found_in_their_line(string passage, string replacement, string code)
    {
        var text = Sample.With(passage, replacement);
        var found = Assert.Single(Sample.Read(text).Diagnostics);
        Assert.Equal((code, Sample.PlaceOf(text, replacement).Line), (found.Code, found.Line));
    }

    [Fact]
    public void Two_bounds_may_leave_a_range_and_weights_may_grow()
    {
        Assert.Empty(Sample.Read(Sample.With("also: [{ metric: silence_loss, at_most: 0.04 }]", "also: [{ metric: accuracy, at_most: 0.99 }]")).Diagnostics);
        Assert.Empty(Sample.Read(Sample.With("    tone-serve:\n      model: tone-net\n", "    tone-serve:\n      model: tone-net-68m\n")).Diagnostics);
    }

    [Fact]
    public void Weights_of_another_model_are_refused()
    {
        var text = Sample.With("shared_checkpoint: tone-net-train", "shared_checkpoint: class");
        var found = Assert.Single(Sample.Read(text).Diagnostics);
        Assert.Equal(("MLP0058", Sample.PlaceOf(text, "class\n      load")), (found.Code, (found.Line, found.Column)));
    }

    [Theory]
    [InlineData("      model: tone-net\n", "\tmodel: tone-net\n")]
    [InlineData("      max_model_kb: 16\n", "\tmax_model_kb: 16\n")]
    public void A_tab_as_indentation_is_found_near_its_line(string passage, string replacement)
    {
        var text = Sample.With(passage, replacement);
        var found = Sample.Read(text).Diagnostics.Where(diagnostic => diagnostic.Code == "MLP0005").ToList();

        Assert.NotEmpty(found);
        Assert.All(found, diagnostic => Assert.InRange(diagnostic.Line, Sample.PlaceOf(text, "\t").Line - 3, Sample.PlaceOf(text, "\t").Line));
    }

    [Fact]
    public void A_missing_key_is_reported_at_its_mapping()
    {
        var text = Sample.With("          tier: real\n", "");
        var found = Assert.Single(Sample.Read(text).Diagnostics);
        Assert.Equal(("MLP0021", Sample.PlaceOf(text, "dataset: tones")), (found.Code, (found.Line, found.Column)));
        Assert.Contains("'tier'", found.Message);
    }

    [Theory]
    [InlineData("scenario: offline", "scnario: offline", "Did you mean 'scenario'?")]
    [InlineData("dataset: tones", "dataset: tone", "Did you mean 'tones'?")]
    [InlineData("tier: quick", "tier: standart", "Did you mean 'standard'?")]
    [InlineData("tier: quick", "tier: fortnight", "Expected one of quick, standard, long")]
    public void The_nearest_known_name_is_suggested(string passage, string replacement, string expected) =>
        Assert.Contains(Sample.Read(Sample.With(passage, replacement)).Diagnostics, found => found.Message.Contains(expected, StringComparison.Ordinal));

    [Fact]
    public void A_file_without_workloads_is_refused()
    {
        var header = Sample.Text[..Sample.Text.IndexOf("suites:", StringComparison.Ordinal)];
        Assert.Equal("MLP0049", Assert.Single(Sample.Read(header + "suites: {}\n").Diagnostics).Code);
    }

    [Fact]
    public void All_mistakes_of_a_file_are_reported_at_once()
    {
        var text = Sample.With("tier: quick", "tier: fast").Replace("at_most: 3", "at_most: three").Replace("dataset: synthetic-tones", "dataset: synth");
        Assert.Equal(["MLP0027", "MLP0044", "MLP0024"], Sample.Read(text).Diagnostics.Select(found => found.Code));
    }

    [Fact]
    public void A_value_is_shown_on_one_line_and_shortened()
    {
        var found = Assert.Single(Sample.Read(Sample.With("tier: quick", $"tier: \"a\\nb\\e[31m{new string('x', 1000)}\"")).Diagnostics);
        Assert.Contains("'a\\u000ab\\u001b[31mxxx", found.Message);
        Assert.True(found.Message.Length < 200);
    }
}

using MlPerfEdu.Catalog;

namespace MlPerfEdu.Generator.Tests;

public class CatalogTests
{
    readonly WorkloadCatalog catalog = Sample.Catalog(Sample.Text);

    [Fact]
    public void Workloads_keep_the_order_of_the_file_and_know_their_suite()
    {
        Assert.Equal(["tone-net-train", "2-bit-class", "class"], catalog.Workloads.Select(entry => entry.Id));
        Assert.Equal(["tiny", "tiny", "cloud"], catalog.Workloads.Select(entry => entry.Suite));
        Assert.Equal(["class", "tone-serve"], catalog.InSuite("cloud").Select(entry => entry.Id));
        Assert.Equal(["tone-net-train", "2-bit-class", "class", "tone-serve"], catalog.Models.Select(entry => entry.Id));
        Assert.Null(catalog.Find("nobody"));
        Assert.Equal(["tone-net-train", "2-bit-class", "class", "tone-serve", "tone-sweep"], catalog.Entries.Select(entry => entry.Id));
    }

    [Fact]
    public void An_entry_with_a_load_answers_with_the_model_of_another()
    {
        var inference = Assert.Single(catalog.Entries.OfType<InferenceEntry>());

        Assert.Equal(("tone-serve", "cloud", "server", 68), (inference.Id, inference.Suite, inference.Scenario, inference.Params));
        Assert.Equal(new Load(64, 0, 16, 8, 0.9, 2.5, 0.25), inference.Load);
        var check = Assert.Single(inference.Checks);
        Assert.Equal(("cache_error", QualityBound.AtMost, 1e-4), (check.Metric, check.Bound, check.Limit));
        Assert.Same(catalog.Workloads[0], catalog.TrainerOf(inference));
        Assert.Same(catalog.Workloads[1], catalog.TrainerOf(catalog.Workloads[1]));
    }

    [Fact]
    public void An_entry_with_a_question_is_an_experiment()
    {
        var experiment = Assert.Single(Sample.Catalog(Sample.Text).Experiments);

        Assert.Equal(("tone-sweep", "machine", "standard"), (experiment.Id, experiment.Suite, experiment.Tier));
        Assert.Equal("How fast tones of each length are made.", experiment.Question);
        Assert.Equal([16, 64], experiment.Geometry.Ints("lengths"));
        Assert.Equal(new Budget(30, 512), experiment.Budget);
        Assert.Equal(
            [("share_of_peak", QualityBound.AtLeast, 0.9), ("floor_seconds", QualityBound.AtMost, 1e-3)],
            experiment.Checks.Select(check => (check.Metric, check.Bound, check.Limit)));
        Assert.Equal("GFLOPS/MB", Assert.Single(experiment.Errata).SeedValue);
    }

    [Theory]
    [InlineData("      experiment: How", "      recipe: {}\n      experiment: How", "MLP0020")]
    [InlineData("        - { metric: share_of_peak, at_least: 0.9 }", "        - { metric: share_of_peak }", "MLP0046")]
    public void An_experiment_is_checked_like_a_workload(string passage, string replacement, string code) =>
        Assert.Equal(code, Assert.Single(Sample.Read(Sample.With(passage, replacement)).Diagnostics).Code);

    [Fact]
    public void Every_value_of_an_entry_arrives()
    {
        var entry = catalog.Workloads[0];
        Assert.Equal(
            ("tone-net", 68L, "offline", "quick", "Made for the tests.", "Counted by hand: 16·4 + 4."),
            (entry.Model, entry.Params, entry.Scenario, entry.Tier, entry.Provenance, entry.ParamsNote));
        Assert.Equal(new(60, 2048), entry.Budget);
        Assert.Equal(new Erratum("params", "1.1M", "It counted a mask.", "68"), Assert.Single(entry.Errata));
        Assert.Equal((16, 0.5), (entry.Geometry.Int("inputs"), entry.Geometry.Number("slope")));
        Assert.Equal([8, 4], entry.Geometry.Ints("hidden"));
        Assert.Equal(16, catalog.Workloads[1].MaxModelKb);
        Assert.Equal(Sample.PlaceOf(Sample.Text, "tone-net-train:").Line, entry.Line);
        Assert.Equal(new WorkingSetThresholds(0.5, 4), catalog.Thresholds.WorkingSet);
        Assert.Equal(new IntensityThresholds(0.5, 2), catalog.Thresholds.ArithmeticIntensity);
        Assert.Equal(new DispatchThresholds(0.25, 0.5, 0.6), catalog.Thresholds.Dispatch);
    }

    [Fact]
    public void A_recipe_is_typed()
    {
        var recipe = catalog.Workloads[0].Recipe;
        Assert.Equal(
            ("closed", "adamw", 1e-3, 0.01, new Betas(0.9, 0.999), 1e-8),
            (recipe.Division, recipe.Optimizer, recipe.LearningRate, recipe.WeightDecay, recipe.Betas, recipe.Epsilon));
        Assert.Equal(("cosine", 0.1, (int?)10, 1.0), (recipe.Schedule, recipe.FinalLearningRateFraction, recipe.WarmupSteps, recipe.ClipNorm));
        Assert.Equal((64, 20, 50, (int?)null, (double?)null), (recipe.Batch, recipe.Epochs, recipe.BatchesPerEpoch, recipe.EvalEvery, recipe.Momentum));
    }

    [Fact]
    public void Targets_keep_their_direction_and_line()
    {
        var data = catalog.Workloads[0].Data;
        var line = Sample.PlaceOf(Sample.Text, "quality_target: { metric: accuracy, at_least: 0.9 }").Line;
        Assert.Equal(new("accuracy", QualityBound.AtLeast, 0.9, line), data[0].QualityTarget);
        Assert.Equal(new("silence_loss", QualityBound.AtMost, 0.04, line + 1), Assert.Single(data[0].Also));
        Assert.Equal(new("loss", QualityBound.AtMost, -150, 70), catalog.Workloads[1].Data[0].QualityTarget with { Line = 70 });
        Assert.True(data[0].QualityTarget.IsMetBy(0.9));
        Assert.False(data[0].QualityTarget.IsMetBy(0.8999));
        Assert.False(data[0].Also[0].IsMetBy(double.NaN));
        Assert.Equal([1, 2, 3], data[0].Reference!.Seeds);
        Assert.Equal([4, 4.5, 4], data[0].Reference!.Seconds);
        Assert.Equal([640, 640, 1280], data[0].Reference!.Samples);
    }

    [Fact]
    public void An_override_replaces_its_keys_and_drops_what_it_makes_idle()
    {
        var entry = catalog.Workloads[0];
        Assert.False(entry.Data[0].OverridesRecipe);
        Assert.Equal(entry.Recipe, entry.Data[0].Recipe);
        var recipe = entry.Data[1].Recipe;
        Assert.True(entry.Data[1].OverridesRecipe);
        Assert.Equal(("sgd", 0.9, default, 0.0), (recipe.Optimizer, recipe.Momentum, recipe.Betas, recipe.Epsilon));
        Assert.Equal(("constant", 1.0, 5, 50), (recipe.Schedule, recipe.FinalLearningRateFraction, recipe.Epochs, recipe.BatchesPerEpoch));
    }

    [Fact]
    public void Precision_is_fp32_unless_stated_and_never_reaches_a_closed_recipe()
    {
        Assert.All(catalog.Workloads, entry => Assert.Equal(Precision.Fp32, entry.Recipe.Precision));
        var text = Sample.With("recipe: {division: open, optimizer: adam,", "closed: {recipe: {division: closed}}, recipe: {division: open, precision: bf16, optimizer: adam,");
        var entry = Sample.Catalog(text).Workloads[2];
        Assert.Equal((Precision.Bf16, Precision.Fp32), (entry.Recipe.Precision, entry.Closed!.Recipe.Precision));
    }

    [Fact]
    public void A_regime_knows_the_line_of_each_axis()
    {
        var (name, regime) = Assert.Single(catalog.Workloads[0].Regimes);
        Assert.Equal("linux-x64-avx512-llc32m", name);
        Assert.Equal(("cache_resident", 6e6), (regime.WorkingSet.Value, regime.WorkingSet.Number));
        Assert.Equal(Sample.PlaceOf(Sample.Text, "dispatch: { value:").Line, regime.Dispatch.Line);
        Assert.Empty(catalog.Workloads[1].Regimes);
    }

    [Theory]
    [InlineData("batch: 64", "batch: 65", true)]
    [InlineData("at_least: 0.9 }", "at_least: 0.91 }", true)]
    [InlineData("learning_rate: 1.0e-3", "learning_rate: 0.0010", false)]
    [InlineData("model: tone-net\n      params: 68", "params: 68\n      model: 'tone-net' # moved", false)]
    [InlineData("value: cache_resident", "value: dram_bound", false)]
    [InlineData("values: [0.93,", "values: [0.92,", false)]
    [InlineData("Made for the tests", "Reworded", false)]
    public void The_digest_of_an_entry_follows_what_must_hold(string passage, string replacement, bool changes)
    {
        var changed = Sample.Catalog(Sample.With(passage, replacement));
        Assert.Equal(changes, catalog.Workloads[0].Sha256 != changed.Workloads[0].Sha256);
        Assert.Equal(catalog.Workloads[1].Sha256, changed.Workloads[1].Sha256);
        Assert.NotEqual(catalog.FileSha256, changed.FileSha256);
    }

    [Fact]
    public void A_size_that_the_model_asks_for_in_vain_is_named_with_its_line()
    {
        // Line 18:       geometry: { inputs: 16, hidden: [8, 4], slope: 0.5 }
        Refused(sizes => sizes.Int("width"), "(18,1): found nothing for geometry.width → expected a value");
        Refused(sizes => sizes.Int("slope"), "(18,54): found 0.5 for geometry.slope → expected whole numbers from 1");
        Refused(sizes => sizes.Int("hidden"), "(18,39): found [8, 4] for geometry.hidden → expected a single number");
        Refused(sizes => sizes.Pair("slope"), "(18,54): found 0.5 for geometry.slope → expected a list of two numbers");
        Refused(sizes => sizes.Int("inputs"), "(18,27): found 0 for geometry.inputs → expected whole numbers from 1", ("inputs: 16", "inputs: 0"));
        Refused(sizes => sizes.Number("slope"), "found 0 for geometry.slope → expected a number above 0", ("slope: 0.5", "slope: 0"));
        Refused(sizes => sizes.Ints("hidden"), "(18,39): found [8, 0] for geometry.hidden → expected whole numbers from 1", ("[8, 4]", "[8, 0]"));
        Refused(sizes => sizes.Int("inputs"), "found 3000000000 for geometry.inputs", ("inputs: 16", "inputs: 3000000000"));
        Assert.Equal((0, 0), (Zero().IntOrZero("inputs"), Zero().NumberOrZero("inputs")));

        Geometry Zero() => Sample.Catalog(Sample.With("inputs: 16", "inputs: 0")).Workloads[0].Geometry;

        void Refused(Action<Geometry> read, string message, (string Passage, string Replacement)? change = null)
        {
            var changed = change is { } made ? Sample.Catalog(Sample.With(made.Passage, made.Replacement)) : catalog;
            var refusal = Assert.Throws<SizeException>(() => read(changed.Workloads[0].Geometry));
            Assert.Contains("workloads.yaml" + (message[0] == '(' ? message : ""), refusal.Message);
            Assert.Contains(message, refusal.Message);
        }
    }

    [Fact]
    public void A_size_that_nothing_asked_for_is_known_with_its_line()
    {
        var sizes = Sample.Catalog(Sample.Text).Workloads[0].Geometry;
        _ = (sizes.Int("inputs"), sizes.Number("slope"));
        Assert.Equal([("hidden", Sample.PlaceOf(Sample.Text, "hidden: [8, 4]").Line)], sizes.Unread);
        _ = sizes.Ints("hidden");
        Assert.Empty(sizes.Unread);
    }

    [Fact]
    public void Line_ends_and_a_byte_order_mark_change_nothing_but_the_digest_of_the_file()
    {
        var windows = Sample.Read([0xef, 0xbb, 0xbf, .. System.Text.Encoding.UTF8.GetBytes(Sample.Text.ReplaceLineEndings("\r\n"))]).Catalog!;
        Assert.Equal(catalog.Workloads.Select(entry => (entry.Sha256, entry.Line)), windows.Workloads.Select(entry => (entry.Sha256, entry.Line)));
        Assert.Equal(catalog.Workloads[1].Note, windows.Workloads[1].Note);
    }

    [Fact]
    public void The_project_s_own_file_is_valid()
    {
        var read = WorkloadCatalogReader.Read(Repository.PathOf("workloads/workloads.yaml"));
        Assert.Empty(read.Diagnostics);
        Assert.NotEmpty(read.Catalog!.Workloads);
    }
}

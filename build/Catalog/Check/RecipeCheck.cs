namespace MlPerfEdu.Catalog;

internal static class RecipeCheck
{
    public static Recipe Read(Field recipe, string owner)
    {
        var fields = recipe.Fields(owner, Known.Keys.Recipe);
        var division = fields.Required("division").OneOf(Known.Divisions);
        var optimizer = fields.Required("optimizer").OneOf(Known.Optimizers);
        var schedule = fields.Required("schedule").OneOf(Known.Schedules);
        foreach (var (key, _) in fields.Mapping.Pairs)
        {
            if (WhyIdle(key.Text, division, optimizer, schedule) is { } reason)
                recipe.Problems.WithoutEffect(key.Start, key.Text, owner, reason);
        }
        var hasMoments = optimizer is "adamw" or "adam" or "muon";
        var (epochs, batches) = (fields.Required("epochs").Count(), fields.Required("batches_per_epoch").Count());
        if ((long)epochs * batches > int.MaxValue)
            recipe.Problems.TooManySteps(fields.Mapping.Find("epochs")!.Key, owner, (long)epochs * batches);
        var isShallow = (fields.Optional("shallow_layers") ?? fields.Optional("shallow_share")) is not null;
        return new()
        {
            Division = division,
            Precision = ReadPrecision(fields),
            Optimizer = optimizer,
            LearningRate = fields.Required("learning_rate").Number(NumberRange.Rate),
            MatrixLearningRate = optimizer == "muon" ? fields.Required("matrix_learning_rate").Number(NumberRange.Rate) : null,
            WeightDecay = fields.Required("weight_decay").Number(NumberRange.Decay),
            Betas = hasMoments ? ReadBetas(fields.Required("betas")) : default,
            Epsilon = hasMoments ? fields.Required("epsilon").Number(NumberRange.Positive) : 0,
            Momentum = optimizer is "sgd" or "muon" ? fields.Required("momentum").Number(NumberRange.Decay) : null,
            Schedule = schedule,
            FinalLearningRateFraction = schedule == "constant" ? 1 : fields.Required("final_learning_rate_fraction").Number(NumberRange.Share),
            WarmupSteps = fields.Optional("warmup_steps")?.Count(),
            ClipNorm = fields.Required("clip_norm").Number(NumberRange.NotNegative),
            Dropout = fields.Optional("dropout")?.Number(NumberRange.Decay),
            Discount = fields.Optional("discount")?.Number(NumberRange.Share),
            SinusoidalPositions = fields.Optional("sinusoidal_positions")?.Number(NumberRange.Positive),
            ShallowLayers = isShallow ? fields.Required("shallow_layers").Count() : null,
            ShallowShare = isShallow ? fields.Required("shallow_share").Number(NumberRange.Decay) : null,
            Batch = fields.Required("batch").Count(),
            Epochs = epochs,
            BatchesPerEpoch = batches,
            EvalEvery = fields.Optional("eval_every")?.Count(),
            SelectEvery = fields.Optional("select_every")?.Count(),
            KeptEpoch = fields.Optional("kept_epoch")?.OneOf(Known.KeptEpochs),
        };
    }

    /// <summary>fp32 unless it is stated.</summary>
    public static Precision ReadPrecision(Fields fields) =>
        fields.Optional("precision")?.OneOf(Known.Precisions) == Precision.Bf16.Name() ? Precision.Bf16 : Precision.Fp32;

    /// <summary>A recipe with some keys replaced; keys that the replacement leaves without effect go.</summary>
    public static Recipe ReadChanged(Field changes, Field recipe, string owner)
    {
        // The merged recipe cannot tell changes that are no mapping or are empty from none.
        _ = changes.Fields(changes.Name, Known.Keys.Recipe);
        return Read(recipe with { Node = Merge(recipe.Node, changes.Node) }, owner);
    }

    static YamlNode Merge(YamlNode recipe, YamlNode changes)
    {
        if (recipe is not YamlMapping whole || changes is not YamlMapping partial)
            return recipe;
        var merged = new YamlMapping(whole.Start, isFlow: false) { IsIncomplete = whole.IsIncomplete || partial.IsIncomplete };
        string division = TextOf("division"), optimizer = TextOf("optimizer"), schedule = TextOf("schedule");
        foreach (var pair in partial.Pairs)
            merged.Add(pair);
        foreach (var pair in whole.Pairs.Where(pair => IsKept(pair.Key.Text)))
            merged.Add(pair);
        return merged;

        bool IsKept(string key) => partial.Find(key) is null && WhyIdle(key, division, optimizer, schedule) is null;
        string TextOf(string key) => ((partial.Find(key) ?? whole.Find(key))?.Value as YamlScalar)?.Text ?? "";
    }

    static Betas ReadBetas(Field field)
    {
        var betas = field.Items();
        if (betas.Count is not (0 or 2))
            field.Problems.WrongLength(field.Node.Start, field.Name, betas.Count, 2);
        return betas.Select(item => item.Number(NumberRange.Decay)).ToList() is [var first, var second] ? new(first, second) : default;
    }

    static string? WhyIdle(string key, string division, string optimizer, string schedule) => (key, division, optimizer, schedule) switch
    {
        ("precision", "closed", _, _) => "the division is closed, and so fp32",
        ("sinusoidal_positions", "closed", _, _) => "the division is closed, and the model starts as the original does",
        ("shallow_layers" or "shallow_share", "closed", _, _) => "the division is closed, and all layers train from the start",
        ("betas" or "epsilon", _, "sgd", _) => "the optimizer sgd has no moments",
        ("matrix_learning_rate", _, not "muon", _) => $"the optimizer {optimizer} has one learning rate",
        ("momentum", _, "adam" or "adamw", _) => $"the optimizer {optimizer} uses betas instead",
        ("final_learning_rate_fraction", _, _, "constant") => "the schedule is constant",
        _ => null,
    };
}

namespace MlPerfEdu.Generator;

internal static class RecipeCheck
{
    static readonly string[] MomentOptimizers = ["adamw", "adam"];

    public static Recipe Read(YamlNode node, string owner, Problems problems)
    {
        var fields = new Fields(node, owner, Known.Keys.Recipe, problems);
        var optimizer = fields.OneOf("optimizer", Known.Optimizers);
        var schedule = fields.OneOf("schedule", Known.Schedules);
        RefuseIdleKeys(fields, optimizer, schedule, problems);
        var hasMoments = MomentOptimizers.Contains(optimizer);
        return new()
        {
            Division = fields.OneOf("division", Known.Divisions),
            Optimizer = optimizer,
            LearningRate = fields.Number("learning_rate", NumberRange.Positive),
            WeightDecay = fields.Number("weight_decay", NumberRange.Decay),
            Betas = hasMoments ? ReadBetas(fields, problems) : default,
            Epsilon = hasMoments ? fields.Number("epsilon", NumberRange.Positive) : 0,
            Momentum = optimizer == "sgd" ? fields.Number("momentum", NumberRange.Decay) : null,
            Schedule = schedule,
            FinalLearningRateFraction = schedule == "constant" ? 1 : fields.Number("final_learning_rate_fraction", NumberRange.Share),
            WarmupSteps = fields.OptionalCount("warmup_steps", NumberRange.Count),
            ClipNorm = fields.Number("clip_norm", NumberRange.NotNegative),
            Dropout = fields.OptionalNumber("dropout", NumberRange.Decay),
            Discount = fields.OptionalNumber("discount", NumberRange.Share),
            Batch = (int)fields.Whole("batch", NumberRange.Count),
            Epochs = (int)fields.Whole("epochs", NumberRange.Count),
            BatchesPerEpoch = (int)fields.Whole("batches_per_epoch", NumberRange.Count),
            EvalEvery = fields.OptionalCount("eval_every", NumberRange.Count),
            SelectEvery = fields.OptionalCount("select_every", NumberRange.Count),
            KeptEpoch = fields.OptionalOneOf("kept_epoch", Known.KeptEpochs),
        };
    }

    /// <summary>The entry's recipe with some keys replaced; keys that the replacement leaves without effect go.</summary>
    public static YamlNode Override(YamlNode recipe, YamlNode changes)
    {
        if (recipe is not YamlMapping whole || changes is not YamlMapping partial)
            return recipe;
        var merged = new YamlMapping(whole.Start, isFlow: false);
        if (whole.IsIncomplete || partial.IsIncomplete)
            merged.CutShort();
        string optimizer = TextOf("optimizer"), schedule = TextOf("schedule");
        foreach (var pair in partial.Pairs)
            merged.Add(pair);
        foreach (var pair in whole.Pairs.Where(pair => IsKept(pair.Key.Text)))
            merged.Add(pair);
        return merged;

        bool IsKept(string key) => partial.Find(key) is null && WhyIdle(key, optimizer, schedule) is null;
        string TextOf(string key) => ((partial.Find(key) ?? whole.Find(key))?.Value as YamlScalar)?.Text ?? "";
    }

    static Betas ReadBetas(Fields fields, Problems problems)
    {
        var items = fields.Items("betas");
        if (items.Count is not (0 or 2))
            problems.WrongLength(fields.Required("betas").Start, fields.Named("betas"), items.Count, 2);
        var values = new Values(problems);
        var betas = items.Select(item => values.Number(item, fields.Named("betas"), NumberRange.Decay)).ToList();
        return betas is [var first, var second] ? new(first, second) : default;
    }

    static void RefuseIdleKeys(Fields fields, string optimizer, string schedule, Problems problems)
    {
        foreach (var pair in ((YamlMapping)fields.Node).Pairs)
        {
            if (WhyIdle(pair.Key.Text, optimizer, schedule) is { } reason)
                problems.WithoutEffect(pair.Key.Start, pair.Key.Text, fields.Owner, reason);
        }
    }

    static string? WhyIdle(string key, string optimizer, string schedule) => (key, optimizer, schedule) switch
    {
        ("betas" or "epsilon", "sgd", _) => "the optimizer sgd has no moments",
        ("momentum", "adam" or "adamw", _) => $"the optimizer {optimizer} uses betas instead",
        ("final_learning_rate_fraction", _, "constant") => "the schedule is constant",
        _ => null,
    };
}

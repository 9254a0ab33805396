using MlPerfEdu.Generator;

namespace MlPerfEdu.Workloads.Training;

/// <summary>The learning rate of each step: a linear warm-up over steps, and a decay from epoch to epoch as the recipe says.</summary>
public sealed class LearningRateSchedule(Recipe recipe)
{
    /// <param name="step">Steps done before this one.</param>
    public double At(int epoch, long step)
    {
        var warmup = recipe.WarmupSteps is > 0 and var steps ? Math.Min(1.0, (step + 1.0) / steps) : 1.0;
        var progress = recipe.Epochs > 1 ? (double)epoch / (recipe.Epochs - 1) : 0.0;
        var remaining = recipe.Schedule switch
        {
            "cosine" => 0.5 * (1 + Math.Cos(Math.PI * progress)),
            "linear" => 1 - progress,
            _ => 1.0,
        };
        var final = recipe.FinalLearningRateFraction;
        return recipe.LearningRate * warmup * (final + (1 - final) * remaining);
    }
}

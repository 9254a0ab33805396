namespace MlPerfEdu.Zoo;

/// <summary>The whole network once per denoising step: work, weights and starting alike.</summary>
sealed class DiffusionRule : ScalingRule
{
    public override double Passes(Model model) => model.Steps!.Value;
}

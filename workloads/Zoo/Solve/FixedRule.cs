namespace MlPerfEdu.Zoo;

/// <summary>A network whose work per input is fixed: CNN, MLP, recommendation.</summary>
sealed class FixedRule : ScalingRule;

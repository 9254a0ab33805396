namespace MlPerfEdu.Roofline.Classify;

public enum RegimeAxis
{
    WorkingSet,
    ArithmeticIntensity,
    Dispatch,
}

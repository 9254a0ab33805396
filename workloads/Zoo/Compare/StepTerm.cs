namespace MlPerfEdu.Zoo;

/// <summary>A part of a predicted step.</summary>
public enum StepTerm
{
    Compute,
    Bandwidth,
    Dispatch,
}

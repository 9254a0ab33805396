namespace MlPerfEdu.Zoo;

/// <summary>A training step as it was counted and timed, and the machine as it was at that time.</summary>
/// <param name="Parts">What runs one after the other, each under its own roof.</param>
/// <param name="Calls">Operators called.</param>
/// <param name="Bandwidth">Of the memory that the step works in.</param>
public sealed record TimedStep(
    string Id, IReadOnlyList<StepPart> Parts, double Calls, FlopRate Peak, ByteRate Bandwidth, Duration Time);
